namespace Penstock.Checkpoints;

/// <summary>The start of an attempt after the restore.</summary>
/// <param name="Manifest">The restored checkpoint or savepoint, or null for a start without one.</param>
/// <param name="NextCheckpoint">The id of the next checkpoint.</param>
/// <param name="StartedFrom">The savepoint from which the job started, or null.</param>
/// <param name="Secret">The secret in the hashes of the job's tables.</param>
internal sealed record RestoredStart(Manifest? Manifest, long NextCheckpoint, SavepointOrigin? StartedFrom, ulong Secret)
{
    /// <summary>The counters of the job, by task.</summary>
    public IReadOnlyDictionary<string, TaskCounters> Counters { get; } = Manifest?.Counters ?? [];
}
