using Penstock.Runtime.Tests.Nodes;

namespace Penstock.Runtime.Tests;

/// <summary>Runs the tests; or, for one of them, a node of a job in a process of its own.</summary>
internal static class Program
{
    public static int Main(string[] args) => args.FirstOrDefault() == NodeProcess.Argument ? NodeProcess.Run(args)
        : args.Any(static argument => argument is "--server" or "--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                .GetAwaiter()
                .GetResult()
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
}
