namespace Penstock;

/// <summary>A timer that fires: its key and its time.</summary>
/// <typeparam name="TKey">The key type: the type of the key member, or a tuple of several types.</typeparam>
/// <param name="key">The key of the row for which the timer was set.</param>
/// <param name="timeMicros">The time of the timer, in microseconds since the Unix epoch.</param>
public readonly struct Timer<TKey>(TKey key, long timeMicros)
{
    /// <summary>The key of the row for which the timer was set.</summary>
    public TKey Key { get; } = key;

    /// <summary>The time of the timer, in microseconds since the Unix epoch.</summary>
    public long TimeMicros { get; } = timeMicros;

    /// <summary>The time of the timer, in UTC.</summary>
    public DateTimeOffset Time => EventTimes.ToDateTimeOffset(TimeMicros);
}
