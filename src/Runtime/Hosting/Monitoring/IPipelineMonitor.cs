namespace Penstock;

/// <summary>
/// Shows what a pipeline of the host does. Get all of them as <c>IEnumerable&lt;IPipelineMonitor&gt;</c> from the services.
/// </summary>
public interface IPipelineMonitor
{
    /// <summary>The name of the pipeline.</summary>
    string Name { get; }

    /// <summary>What the pipeline has done so far; may be called at any time from any thread.</summary>
    /// <returns>A snapshot.</returns>
    PipelineStatus GetStatus();
}

/// <summary>The exit codes that Penstock sets.</summary>
public static class PipelineExitCodes
{
    /// <summary>A pipeline failed for good.</summary>
    public const int Failed = 1;

    /// <summary>A pipeline was stopped, but its last checkpoint was not ready within the shutdown timeout.</summary>
    public const int StoppedWithoutCheckpoint = 3;
}
