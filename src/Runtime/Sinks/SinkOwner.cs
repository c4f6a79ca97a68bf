namespace Penstock.Sinks;

/// <summary>Who writes to a sink: a job, that is one pipeline with one history of checkpoints.</summary>
/// <param name="Job">The id of the job: made up at its first start, kept with its checkpoints.</param>
/// <param name="Pipeline">The name of the pipeline.</param>
/// <param name="Checkpoints">Where its checkpoints are; null when they are in memory, so that nobody can go on with the job once its process has ended.</param>
public sealed record SinkOwner(string Job, string Pipeline, string? Checkpoints);
