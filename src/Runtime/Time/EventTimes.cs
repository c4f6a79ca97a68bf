using System.Runtime.CompilerServices;

namespace Penstock;

/// <summary>
/// Event time inside the engine: microseconds since the Unix epoch, UTC. The engine reckons with the years 2 to 9998, so that delays and
/// the bounds of windows around any event time are instants, too; a row with another one is a bad row.
/// </summary>
public static class EventTimes
{
    /// <summary>The earliest event time, 0002-01-01T00:00:00Z, in microseconds since the Unix epoch.</summary>
    public const long Earliest = -62_104_060_800_000_000;

    /// <summary>
    /// The first instant that is too late to be an event time, 9999-01-01T00:00:00Z, in microseconds since the Unix epoch.
    /// </summary>
    public const long TooLate = 253_370_764_800_000_000;

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

    /// <summary>Converts a number of units since the Unix epoch. A fraction of a microsecond is cut off toward the past.</summary>
    /// <param name="value">The number.</param>
    /// <param name="unit">What it counts.</param>
    /// <returns>Microseconds since the Unix epoch; the smallest or largest number where they do not fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long From(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => Times(value, 1_000_000),
        TimeUnit.Milliseconds => Times(value, 1_000),
        TimeUnit.Microseconds => value,
        TimeUnit.Nanoseconds => value / 1_000 - (value % 1_000 < 0 ? 1 : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>Whether the engine reckons with an event time.</summary>
    /// <param name="micros">Microseconds since the Unix epoch.</param>
    /// <returns>True from <see cref="Earliest"/> to before <see cref="TooLate"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsInRange(long micros) => (ulong)(micros - Earliest) < TooLate - Earliest;

    /// <summary>Converts back.</summary>
    /// <param name="micros">Microseconds since the Unix epoch; outside the years 1 to 9999 it is clamped to them.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset ToDateTimeOffset(long micros)
    {
        const long min = -EpochTicks / TicksPerMicrosecond;
        var max = (DateTime.MaxValue.Ticks - EpochTicks) / TicksPerMicrosecond;
        return new DateTimeOffset(Math.Clamp(micros, min, max) * TicksPerMicrosecond + EpochTicks, TimeSpan.Zero);
    }

    /// <summary>Says of a row what is wrong with its event time.</summary>
    internal static string OutOfRange(long micros)
    {
        var instant = ToDateTimeOffset(micros);
        var shown = From(instant) == micros
            ? instant.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", System.Globalization.CultureInfo.InvariantCulture)
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{micros} µs since 1970");
        return $"the event time {shown} is outside of the years 2 to 9998";
    }

    private static long Times(long value, long factor)
    {
        var most = long.MaxValue / factor;
        return value > most ? long.MaxValue : value < -most ? long.MinValue : value * factor;
    }
}
