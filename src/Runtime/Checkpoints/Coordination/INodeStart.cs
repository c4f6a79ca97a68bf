using Penstock.Connectors;

namespace Penstock.Checkpoints;

/// <summary>
/// The steps that the coordinator of a job runs on another node before the attempt starts. Arguments are plain data, so that a call can be
/// sent as a message to another process. Failures on the node are thrown here.
/// </summary>
internal interface INodeStart
{
    /// <summary>Discards previously loaded state, and loads the state of a checkpoint that the subtasks of the node own.</summary>
    /// <param name="manifest">The checkpoint, or null if the job starts without one.</param>
    /// <param name="savepoint">The location of the savepoint, or null if the checkpoint is in the checkpoint storage.</param>
    /// <param name="secret">The secret in the hashes of all tables.</param>
    /// <exception cref="DamagedCheckpointException">A file is damaged.</exception>
    Task LoadAsync(Manifest? manifest, string? savepoint, ulong secret);

    /// <summary>Opens the input after state was loaded, without modifying anything outside.</summary>
    /// <param name="splits">The splits of each source.</param>
    /// <param name="isFinished"><c>true</c> if the job had finished.</param>
    Task OpenSourcesAsync(IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> splits, bool isFinished);

    /// <summary>Opens the subtasks of the node and starts to run. From then on it accepts input from other nodes.</summary>
    /// <param name="nextCheckpoint">The id of the next checkpoint.</param>
    /// <param name="reached">The watermark that each task had reached.</param>
    Task StartAsync(long nextCheckpoint, IReadOnlyDictionary<string, long> reached);
}
