using System.Runtime.CompilerServices;
using Penstock.Kafka.Tests;

[assembly: AssemblyFixture(typeof(SharedBroker))]

namespace Penstock.Kafka.Tests;

/// <summary>How the brokers of all tests are run.</summary>
internal static class BrokerSettings
{
    // Most brokers live for seconds. The work of the second compiler of the Java machine, which takes the cores from the tests, is then not
    // made good by faster code.
    [ModuleInitializer]
    internal static void CompileLess() =>
        Environment.SetEnvironmentVariable(
            "JAVA_TOOL_OPTIONS",
            $"{Environment.GetEnvironmentVariable("JAVA_TOOL_OPTIONS")} -XX:TieredStopAtLevel=1".TrimStart());
}
