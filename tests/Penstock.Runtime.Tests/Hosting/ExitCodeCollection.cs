namespace Penstock.Runtime.Tests.Hosting;

/// <summary>
/// Tests that read the exit code of the process. Any other test with a host in which a pipeline fails sets it, so they run alone.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ExitCodeCollection
{
    public const string Name = "Exit code of the process";
}
