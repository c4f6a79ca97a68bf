using System.ComponentModel;
using Penstock.Tasks;
using Penstock.Time;

namespace Penstock;

/// <summary>
/// The context of a row in a <see cref="ProcessAttribute"/> method, or of a timer in an <see cref="OnTimerAttribute"/> method. Valid only
/// during the call.
/// </summary>
public readonly ref struct Context
{
    private readonly Subtask _subtask;
    private readonly EventTimers? _timers;

    /// <summary>Called by generated code.</summary>
    /// <param name="subtask">The subtask that processes the row.</param>
    /// <param name="eventTimeMicros">The event time of the row in microseconds since the Unix epoch.</param>
    /// <param name="kind">The row kind.</param>
    /// <param name="timers">The timers of the key, if the operator has an <see cref="OnTimerAttribute"/> method.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Context(Subtask subtask, long eventTimeMicros, RowKind kind = RowKind.Insert, EventTimers? timers = null)
    {
        _timers = timers;
        RowKind = kind;
        _subtask = subtask;
        EventTimeMicros = eventTimeMicros;
    }

    /// <summary>
    /// The event time of the row, or the time of the timer, in microseconds since the Unix epoch; 0 in a stream without event time.
    /// </summary>
    public long EventTimeMicros { get; }

    /// <summary>The event time of the row, or the time of the timer, in UTC.</summary>
    public DateTimeOffset EventTime => EventTimes.ToDateTimeOffset(EventTimeMicros);

    /// <summary>The timers of the key of the row, for operators with an <see cref="OnTimerAttribute"/> method.</summary>
    /// <exception cref="InvalidOperationException">The operator has no such method.</exception>
    public EventTimers Timers => _timers
        ?? throw new InvalidOperationException("An operator without an [OnTimer] method has no timers: add the method.");

    /// <summary>
    /// <c>true</c> while timers fire because bounded input has ended, or because the pipeline drains for a savepoint. All timers fire then,
    /// also those that timers set: a method that sets one again and again must stop.
    /// </summary>
    public bool IsEndOfInput => _subtask.CurrentWatermark == Watermarks.End;

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
