using System.ComponentModel;
using Penstock.Tasks;

namespace Penstock;

/// <summary>The context of a row in a <see cref="ProcessAttribute"/> method. Valid only during the call.</summary>
public readonly ref struct Context
{
    private readonly Subtask _subtask;

    /// <summary>Called by generated code.</summary>
    /// <param name="subtask">The subtask that processes the row.</param>
    /// <param name="eventTimeMicros">The event time of the row in microseconds since the Unix epoch.</param>
    /// <param name="kind">The row kind.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Context(Subtask subtask, long eventTimeMicros, RowKind kind = RowKind.Insert)
    {
        RowKind = kind;
        _subtask = subtask;
        EventTimeMicros = eventTimeMicros;
    }

    /// <summary>The event time of the row in microseconds since the Unix epoch; 0 in a stream without event time.</summary>
    public long EventTimeMicros { get; }

    /// <summary>The event time of the row, in UTC.</summary>
    public DateTimeOffset EventTime => EventTimes.ToDateTimeOffset(EventTimeMicros);

    /// <summary>
    /// The row kind: <see cref="RowKind.Insert"/>, unless the method sets <see cref="ProcessAttribute.AcceptsUpdates"/> and the stream
    /// contains updates.
    /// </summary>
    public RowKind RowKind { get; }

    /// <summary>
    /// The index of the subtask that processes the row, from 0, for logs and metrics. The subtask of a key changes with the parallelism, so
    /// results must not depend on it.
    /// </summary>
    public int SubtaskIndex => _subtask.Context.Subtask;
}
