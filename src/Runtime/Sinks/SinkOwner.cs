namespace Penstock.Connectors;

/// <summary>What writes to a sink: a job, that is one pipeline with one history of checkpoints.</summary>
/// <param name="Job">The id of the job: made up at its first start, kept with its checkpoints.</param>
/// <param name="Pipeline">The name of the pipeline.</param>
/// <param name="Checkpoints">Where its checkpoints are; null when they are in memory, so that the job cannot go on once its process has
/// ended.</param>
public sealed record SinkOwner(string Job, string Pipeline, string? Checkpoints)
{
    /// <summary>
    /// At the first start of a job that begins with a savepoint: the job that took it, whose output it takes over. Null otherwise.
    /// </summary>
    public SinkPredecessor? Predecessor { get; init; }
}

/// <summary>A job of which another one has taken the output over.</summary>
/// <param name="Job">The id of the former job.</param>
/// <param name="Checkpoint">The checkpoint from which on output is that of the new one; what is later of the former job is taken
/// back.</param>
public sealed record SinkPredecessor(string Job, long Checkpoint);
