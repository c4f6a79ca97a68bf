namespace Penstock;

/// <summary>What a <see cref="ProcessAttribute"/> method can know of the row that it handles.</summary>
/// <param name="eventTimeMicros">The event time of the row in microseconds since the Unix epoch.</param>
public readonly struct Context(long eventTimeMicros)
{
    /// <summary>The event time of the row in microseconds since the Unix epoch; 0 in a stream without event time.</summary>
    public long EventTimeMicros { get; } = eventTimeMicros;

    /// <summary>The event time of the row, in UTC.</summary>
    public DateTimeOffset EventTime => Time.EventTimes.ToDateTimeOffset(EventTimeMicros);
}
