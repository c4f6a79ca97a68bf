using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>A sink with an empty place, for one check of <see cref="SinkConformance"/> or <see cref="CommitterConformance"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class SinkSetup<T>
{
    /// <summary>
    /// Creates a sink that writes to the place of the setup. Called several times: each call stands for another subtask, or another start,
    /// of the same job. A sink that receives its columns or its changelog must already have them when it is returned.
    /// </summary>
    public required Func<ISink<T>> Create { get; init; }

    /// <summary>
    /// Reads the output that is visible to readers of the place. The rows of one checkpoint, subtask and partition must be in the order in
    /// which they were written.
    /// </summary>
    public required Func<ValueTask<IReadOnlyList<T>>> ReadAsync { get; init; }

    /// <summary>
    /// Lists the temporary output at the place, such as hidden files, but not the mark of the claim; null if it cannot be listed.
    /// </summary>
    public Func<ValueTask<IReadOnlyList<string>>>? ListHiddenAsync { get; init; }

    /// <summary>The rows to write: at least 12, all different.</summary>
    public required IReadOnlyList<T> Rows { get; init; }

    /// <summary>Compares two rows. Default: the default equality of the row type.</summary>
    public IEqualityComparer<T> Comparer { get; init; } = EqualityComparer<T>.Default;

    /// <summary>
    /// Returns the event time of a row, for an <see cref="IEventTimeSink"/>. Null if the sink does not read event times: they are 0.
    /// </summary>
    public Func<T, DateTimeOffset>? TimeOf { get; init; }

    /// <summary>
    /// Returns the part of the output that a row belongs to, such as its folder. Rows of different partitions have no order among each
    /// other. Null if all rows are in one partition.
    /// </summary>
    public Func<T, object>? PartitionOf { get; init; }

    /// <summary>
    /// Indicates whether several jobs may write to the place at the same time, as to a topic: then the committer need not refuse a job
    /// because the place belongs to another one. Default: <c>false</c>.
    /// </summary>
    public bool AcceptsSeveralJobs { get; init; }

    /// <summary>Called when the check has finished; null if no cleanup is needed.</summary>
    public Action? CleanUp { get; init; }
}
