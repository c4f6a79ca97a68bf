using Penstock.Runtime.Tests.Nodes;

namespace Penstock.Runtime.Tests;

/// <summary>Runs the tests, or a node of a job as a separate process for one of the tests.</summary>
internal static class Program
{
    public static int Main(string[] args) => args.FirstOrDefault() == NodeProcess.Argument ? NodeProcess.Run(args)
        : args.Any(static argument => argument is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                .GetAwaiter()
                .GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
}
