using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A source with its data, for one check of <see cref="SourceConformance"/> or <see cref="StreamingSourceConformance"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class SourceSetup<T>
{
    /// <summary>
    /// Creates a source over the data of the setup. Called several times: each call stands for another subtask, or another start, of the
    /// same job. A source that learns its columns (<see cref="IProjectionSource"/>) must know them when it is returned.
    /// </summary>
    public required Func<ISource<T>> Create { get; init; }

    /// <summary>
    /// The rows that the source has to deliver, split by split in the order of <see cref="ISource{T}.Discover"/>; null where that is not
    /// known. A streaming source that is open-ended needs them: its checks are done when they have come.
    /// </summary>
    public IReadOnlyList<T>? Rows { get; init; }

    /// <summary>How many rows of the data cannot be read. Default: 0.</summary>
    public int BadRows { get; init; }

    /// <summary>
    /// Changes data of which rows may have been read, as somebody does who replaces a file; null where the data cannot change.
    /// </summary>
    public Action? Change { get; init; }

    /// <summary>
    /// Adds one row to the data of a streaming source that is being read, at the end of a split that there is; null where none can be
    /// added.
    /// </summary>
    public Action? AddRow { get; init; }

    /// <summary>Adds a split with one row to the data of a streaming source that is being read; null where none can be added.</summary>
    public Action? AddSplit { get; init; }

    /// <summary>Tells whether two rows are the same. Default: their own equality.</summary>
    public IEqualityComparer<T> Comparer { get; init; } = EqualityComparer<T>.Default;

    /// <summary>Called when the check is done; null for nothing.</summary>
    public Action? CleanUp { get; init; }
}
