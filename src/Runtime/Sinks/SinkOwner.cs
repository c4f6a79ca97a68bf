namespace Penstock.Connectors;

/// <summary>A job that writes to a sink: one pipeline with one history of checkpoints.</summary>
/// <param name="Job">The id of the job, generated at its first start and stored with its checkpoints.</param>
/// <param name="Pipeline">The name of the pipeline.</param>
/// <param name="Checkpoints">
/// The location of its checkpoints, or null if they are in memory, so that the job cannot resume after the end of its process.
/// </param>
public sealed record SinkOwner(string Job, string Pipeline, string? Checkpoints)
{
    /// <summary>
    /// The job that took the savepoint, whose output this job takes over, at the first start of a job from a savepoint; otherwise null.
    /// </summary>
    public SinkPredecessor? Predecessor { get; init; }
}

/// <summary>A job whose output another job has taken over.</summary>
/// <param name="Job">The id of the former job.</param>
/// <param name="Checkpoint">The checkpoint after which output belongs to the new job; later output of the former job is revoked.</param>
public sealed record SinkPredecessor(string Job, long Checkpoint);
