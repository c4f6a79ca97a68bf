using System.ComponentModel;
using Penstock.Tasks;

namespace Penstock;

/// <summary>
/// What a <see cref="ProcessAttribute"/> method can know of the row that it handles, and of where it runs. It is valid during the call.
/// </summary>
public readonly ref struct Context
{
    private readonly Subtask _subtask;

    /// <summary>Called by generated code.</summary>
    /// <param name="subtask">The subtask that handles the row.</param>
    /// <param name="eventTimeMicros">The event time of the row in microseconds since the Unix epoch.</param>
    /// <param name="kind">What the row means.</param>
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
    /// What the row means: <see cref="RowKind.Insert"/>, unless the method says <see cref="ProcessAttribute.TakesUpdates"/> and the stream
    /// has updates.
    /// </summary>
    public RowKind RowKind { get; }

    /// <summary>
    /// The index of the subtask that handles the row, from 0: for logs and metrics. Which subtask handles a key changes with the
    /// parallelism, so that no result must depend on it.
    /// </summary>
    public int SubtaskIndex => _subtask.Context.Subtask;
}
