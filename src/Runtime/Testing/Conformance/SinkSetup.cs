using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A sink with an empty place, for one check of <see cref="SinkConformance"/> or <see cref="CommitterConformance"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class SinkSetup<T>
{
    /// <summary>
    /// Creates a sink that writes to the place of the setup. Called several times: each call stands for another subtask, or another start,
    /// of the same job. A sink that learns its columns or its changelog must know them when it is returned.
    /// </summary>
    public required Func<ISink<T>> Create { get; init; }

    /// <summary>
    /// Reads what is visible at the place, as somebody does who uses the output: the rows of a checkpoint and subtask in the order in which
    /// they were written.
    /// </summary>
    public required Func<ValueTask<IReadOnlyList<T>>> ReadAsync { get; init; }

    /// <summary>
    /// Lists the temporary output at the place, such as hidden files, but not what says whose the place is; null where that cannot be seen.
    /// </summary>
    public Func<ValueTask<IReadOnlyList<string>>>? ListHiddenAsync { get; init; }

    /// <summary>The rows that are written: at least 12, all different.</summary>
    public required IReadOnlyList<T> Rows { get; init; }

    /// <summary>Tells whether two rows are the same. Default: their own equality.</summary>
    public IEqualityComparer<T> Comparer { get; init; } = EqualityComparer<T>.Default;

    /// <summary>Called when the check is done; null for nothing.</summary>
    public Action? CleanUp { get; init; }
}
