namespace Penstock;

/// <summary>The key and the bounds of the window that fires.</summary>
/// <typeparam name="TKey">The key type: the type of the key member, or a tuple of the types of several.</typeparam>
/// <param name="key">The key whose rows the window holds.</param>
/// <param name="startMicros">The first instant of the window, in microseconds since the Unix epoch.</param>
/// <param name="endMicros">The first instant after the window, in microseconds since the Unix epoch.</param>
public readonly struct Window<TKey>(TKey key, long startMicros, long endMicros)
{
    /// <summary>The key whose rows the window holds.</summary>
    public TKey Key { get; } = key;

    /// <summary>The first instant of the window, in microseconds since the Unix epoch.</summary>
    public long StartMicros { get; } = startMicros;

    /// <summary>The first instant after the window, in microseconds since the Unix epoch.</summary>
    public long EndMicros { get; } = endMicros;

    /// <summary>The first instant of the window, in UTC.</summary>
    public DateTimeOffset Start => EventTimes.ToDateTimeOffset(StartMicros);

    /// <summary>The first instant after the window, in UTC.</summary>
    public DateTimeOffset End => EventTimes.ToDateTimeOffset(EndMicros);
}
