namespace Penstock.Connectors;

/// <summary>
/// A source whose splits are read side by side as their rows come in, such as the partitions of a topic. Each subtask has an object of its
/// own, which reads all splits of the subtask.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface IStreamingSource<T> : ISource<T>, IDisposable
{
    /// <summary>Whether splits can come into being while the pipeline runs; if not, the source ends with its last split.</summary>
    bool IsOpenEnded { get; }

    /// <summary>
    /// Whether a split that is at its known end is idle at once where the pipeline says nothing of idleness, since rows cannot be under way
    /// there.
    /// </summary>
    bool IsIdleAtEnd => false;

    /// <summary>
    /// Says which subtask reads a split: the one with this number, modulo the parallelism. It depends on the split alone, so that new
    /// splits move no others.
    /// </summary>
    /// <param name="split">The split.</param>
    /// <returns>A number, at least 0.</returns>
    int SlotOf(SourceSplit split);

    /// <summary>Opens a split that has come into being since the job began, at its first row.</summary>
    /// <param name="split">The split.</param>
    /// <param name="badRows">Where to report rows that cannot be read.</param>
    /// <returns>A reader that the caller disposes.</returns>
    ISplitReader<T> OpenNew(SourceSplit split, IBadRowHandler badRows);

    /// <summary>Begins to read. Called once, when the first splits are open.</summary>
    /// <param name="available">To be called, on any thread, whenever there may be rows again after <see cref="Next"/> has returned
    /// null.</param>
    void Begin(Action available);

    /// <summary>
    /// Says which split has the next rows. Never waits. It may be asked again before that split is read, also many times where the pipeline
    /// holds the source back.
    /// </summary>
    /// <returns>Its reader; null when there are none for the moment.</returns>
    /// <exception cref="PipelineException">Reading has failed.</exception>
    ISplitReader<T>? Next();

    /// <summary>Takes the splits that have come into being since the last call, those of other subtasks included.</summary>
    /// <returns>The splits; mostly none.</returns>
    IReadOnlyList<SourceSplit> TakeNew();

    /// <summary>
    /// Called when a checkpoint is durable, so that a server may forget what lies in front of its positions: a start goes on from it or a
    /// later one, unless its files are damaged. Its output is prepared, and made visible behind this call, or by the next start. Called on
    /// any thread; it must not wait.
    /// </summary>
    /// <param name="positions">The position of each split of the subtask in it.</param>
    void CheckpointCompleted(IReadOnlyList<SplitPosition> positions);
}

/// <summary>The position of a split in a checkpoint.</summary>
/// <param name="Split">The split.</param>
/// <param name="Position">What its reader has saved.</param>
public readonly record struct SplitPosition(SourceSplit Split, byte[] Position);
