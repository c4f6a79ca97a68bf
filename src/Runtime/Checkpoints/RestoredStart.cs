namespace Penstock.Checkpoints;

/// <summary>What a pipeline goes on from.</summary>
/// <param name="Manifest">The checkpoint or savepoint; null for a start from nothing.</param>
/// <param name="NextCheckpoint">The id of the next checkpoint.</param>
/// <param name="StartedFrom">The savepoint that the job began with, if it did.</param>
/// <param name="Secret">The secret in the hashes of the job's tables.</param>
internal sealed record RestoredStart(Manifest? Manifest, long NextCheckpoint, SavepointOrigin? StartedFrom, ulong Secret)
{
    /// <summary>What the job had counted, by task.</summary>
    public IReadOnlyDictionary<string, TaskCounters> Counters { get; } = Manifest?.Counters ?? [];
}
