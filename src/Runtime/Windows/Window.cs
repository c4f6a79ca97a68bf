namespace Penstock;

/// <summary>The key and the bounds of a window that fires.</summary>
/// <typeparam name="TKey">The key type: the type of the key member, or a tuple of several types.</typeparam>
/// <param name="key">The key of the rows in the window.</param>
/// <param name="startMicros">The inclusive start of the window, in microseconds since the Unix epoch.</param>
/// <param name="endMicros">The exclusive end of the window, in microseconds since the Unix epoch.</param>
public readonly struct Window<TKey>(TKey key, long startMicros, long endMicros)
{
    /// <summary>The key of the rows in the window.</summary>
    public TKey Key { get; } = key;

    /// <summary>The inclusive start of the window, in microseconds since the Unix epoch.</summary>
    public long StartMicros { get; } = startMicros;

    /// <summary>The exclusive end of the window, in microseconds since the Unix epoch.</summary>
    public long EndMicros { get; } = endMicros;

    /// <summary>The inclusive start of the window, in UTC.</summary>
    public DateTimeOffset Start => EventTimes.ToDateTimeOffset(StartMicros);

    /// <summary>The exclusive end of the window, in UTC.</summary>
    public DateTimeOffset End => EventTimes.ToDateTimeOffset(EndMicros);
}
