namespace Penstock.Connectors;

/// <summary>
/// A source whose splits are read concurrently as their rows arrive, such as the partitions of a topic. Each subtask has its own instance,
/// which reads all splits of the subtask.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IStreamingSource<T> : ISource<T>, IDisposable
{
    /// <summary>Indicates whether new splits may appear while the pipeline runs. If not, the source ends with its last split.</summary>
    bool IsUnbounded { get; }

    /// <summary>
    /// Indicates whether a split at its known end is idle immediately if the pipeline does not configure idleness, because no rows can be
    /// in transit.
    /// </summary>
    bool IsIdleAtEnd => false;

    /// <summary>
    /// Returns the number that determines the subtask of a split: its index is this number modulo the parallelism. It depends on the split
    /// only, so that new splits do not move others.
    /// </summary>
    /// <param name="split">The split.</param>
    /// <returns>A number, at least 0.</returns>
    int SlotOf(SourceSplit split);

    /// <summary>Opens a split that has appeared since the job started, at its first row.</summary>
    /// <param name="split">The split.</param>
    /// <param name="badRows">Handles rows that cannot be read.</param>
    /// <returns>A reader that the caller disposes.</returns>
    ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows);

    /// <summary>Starts to read. Called once, when the first splits are open.</summary>
    /// <param name="available">
    /// A callback for the source to call, on any thread, when there may be rows again after <see cref="Next"/> has returned null.
    /// </param>
    void Start(Action available);

    /// <summary>
    /// Returns the split that has the next rows. Never blocks. May be called again before that split is read, also many times while the
    /// pipeline holds the source back.
    /// </summary>
    /// <returns>The reader of the split, or null if no rows are available for now.</returns>
    /// <exception cref="PipelineException">Reading failed.</exception>
    ISplitReader<T>? Next();

    /// <summary>Returns the splits that have appeared since the last call, including those of other subtasks.</summary>
    /// <returns>The splits; usually empty.</returns>
    IReadOnlyList<SourceSplit> TakeNewSplits();

    /// <summary>
    /// Called when a checkpoint is durable, so that a server may discard data before its positions: the job restarts from this checkpoint
    /// or a later one, unless its files are damaged. The output of the checkpoint is prepared, and becomes visible after this call or at
    /// the next start. Called on any thread; must not block.
    /// </summary>
    /// <param name="positions">The positions of the subtask's splits in the checkpoint.</param>
    void CheckpointCompleted(IReadOnlyList<SplitPosition> positions);
}

/// <summary>The position of a split in a checkpoint.</summary>
/// <param name="Split">The split.</param>
/// <param name="Position">The position saved by its reader.</param>
public readonly record struct SplitPosition(SourceSplit Split, byte[] Position);
