using System.Runtime.CompilerServices;

namespace Penstock.Time;

/// <summary>Event time inside the engine: microseconds since the Unix epoch, UTC.</summary>
public static class EventTimes
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private const long EpochTicks = 621_355_968_000_000_000;

    /// <summary>Converts an instant. A fraction of a microsecond is cut off toward the past.</summary>
    /// <param name="value">The instant; a value whose kind is not <see cref="DateTimeKind.Local"/> is taken as UTC.</param>
    /// <returns>Microseconds since the Unix epoch.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long From(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
        {
            value = value.ToUniversalTime();
        }

        // Ticks are never negative, so the division cuts toward the past; the epoch is a whole number of microseconds.
        return (long)((ulong)value.Ticks / TicksPerMicrosecond) - EpochTicks / TicksPerMicrosecond;
    }

    /// <summary>Converts an instant. A fraction of a microsecond is cut off toward the past.</summary>
    /// <param name="value">The instant.</param>
    /// <returns>Microseconds since the Unix epoch.</returns>
    public static long From(DateTimeOffset value) => From(value.UtcDateTime);

    /// <summary>Takes a value that already is in microseconds since the Unix epoch.</summary>
    /// <param name="micros">Microseconds since the Unix epoch.</param>
    /// <returns>The same value.</returns>
    public static long From(long micros) => micros;

    /// <summary>Converts back.</summary>
    /// <param name="micros">Microseconds since the Unix epoch; outside the years 1 to 9999 it is clamped to them.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset ToDateTimeOffset(long micros)
    {
        const long min = -EpochTicks / TicksPerMicrosecond;
        var max = (DateTime.MaxValue.Ticks - EpochTicks) / TicksPerMicrosecond;
        return new DateTimeOffset(Math.Clamp(micros, min, max) * TicksPerMicrosecond + EpochTicks, TimeSpan.Zero);
    }
}
