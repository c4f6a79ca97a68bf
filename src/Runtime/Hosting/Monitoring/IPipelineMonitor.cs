namespace Penstock;

/// <summary>Provides the status of a pipeline of the host. Resolve all instances as <c>IEnumerable&lt;IPipelineMonitor&gt;</c>.</summary>
public interface IPipelineMonitor
{
    /// <summary>The name of the pipeline.</summary>
    string Name { get; }

    /// <summary>Returns the current status of the pipeline. Thread-safe.</summary>
    /// <returns>A snapshot.</returns>
    PipelineStatus GetStatus();
}

/// <summary>The process exit codes that Penstock sets.</summary>
public static class PipelineExitCodes
{
    /// <summary>A pipeline failed permanently.</summary>
    public const int Failed = 1;

    /// <summary>A pipeline was stopped, but its last checkpoint did not complete within the shutdown timeout.</summary>
    public const int StoppedWithoutCheckpoint = 3;
}
