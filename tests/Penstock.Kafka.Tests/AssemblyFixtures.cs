using System.Runtime.CompilerServices;
using Penstock.Kafka.Tests;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace Penstock.Kafka.Tests;

/// <summary>How to run the brokers of all tests.</summary>
internal static class BrokerSettings
{
    // Most brokers run for seconds. Faster code would not make up for the work of the second compiler of the Java VM, which takes processor
    // time from the tests.
    [ModuleInitializer]
    internal static void CompileLess() =>
        Environment.SetEnvironmentVariable(
            "JAVA_TOOL_OPTIONS",
            $"{Environment.GetEnvironmentVariable("JAVA_TOOL_OPTIONS")} -XX:TieredStopAtLevel=1".TrimStart());
}
