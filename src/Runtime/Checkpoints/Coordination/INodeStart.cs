using Penstock.Connectors;

namespace Penstock.Checkpoints;

/// <summary>
/// What the coordinator of a job has one of its other nodes do before the attempt runs, step by step. Arguments are plain data, so that a
/// call can be a message to another process. What fails on the node is thrown here.
/// </summary>
internal interface INodeStart
{
    /// <summary>Forgets what was loaded before, and loads what the subtasks of the node own of a checkpoint.</summary>
    /// <param name="manifest">The checkpoint; null where the job begins with nothing.</param>
    /// <param name="savepoint">The place of the savepoint that it is; null where it is in the place for checkpoints.</param>
    /// <param name="secret">The secret in the hashes of all tables.</param>
    /// <exception cref="DamagedCheckpointException">A file is not what was written.</exception>
    Task LoadAsync(Manifest? manifest, string? savepoint, ulong secret);

    /// <summary>Finds the input after state was loaded; changes nothing.</summary>
    /// <param name="splits">The splits of each source.</param>
    /// <param name="isFinished">Whether the job had finished.</param>
    Task OpenSourcesAsync(IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> splits, bool isFinished);

    /// <summary>Opens the subtasks of the node, and begins to run. From then on it takes what other nodes send.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    /// <param name="reached">How far time had come for each task.</param>
    Task StartAsync(long nextCheckpoint, IReadOnlyDictionary<string, long> reached);
}
