using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A source with its data, for one check of <see cref="SourceConformance"/> or <see cref="StreamingSourceConformance"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class SourceSetup<T>
{
    /// <summary>
    /// Creates a source over the data of the setup. Called several times: each call stands for another subtask, or another start, of the
    /// same job. A source that receives its columns (<see cref="IProjectionSource"/>) must already have them when it is returned.
    /// </summary>
    public required Func<ISource<T>> Create { get; init; }

    /// <summary>
    /// The rows that the source must return, split by split in the order of <see cref="ISource{T}.Discover"/>; null if they are unknown.
    /// They are required for an unbounded streaming source, whose checks end when these rows have arrived.
    /// </summary>
    public IReadOnlyList<T>? Rows { get; init; }

    /// <summary>The number of bad rows in the data. Default: 0.</summary>
    public int BadRows { get; init; }

    /// <summary>
    /// Changes data that may already have been read, for example by replacing a file; null if the data cannot change.
    /// </summary>
    public Action? Change { get; init; }

    /// <summary>
    /// Adds one row at the end of an existing split of a streaming source while it is being read; null if that is not possible.
    /// </summary>
    public Action? AddRow { get; init; }

    /// <summary>
    /// Adds a split with one row to a streaming source while it is being read; null if that is not possible.
    /// </summary>
    public Action? AddSplit { get; init; }

    /// <summary>Compares two rows. Default: the default equality of the row type.</summary>
    public IEqualityComparer<T> Comparer { get; init; } = EqualityComparer<T>.Default;

    /// <summary>Called when the check has finished; null if no cleanup is needed.</summary>
    public Action? CleanUp { get; init; }
}
