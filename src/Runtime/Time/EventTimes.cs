using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Penstock;

/// <summary>
/// Event time inside the engine: microseconds since the Unix epoch, UTC. The engine supports the years 2 to 9998, so that the bounds of
/// windows and delays around every event time are valid instants, too. A row with an event time outside of this range is a bad row.
/// </summary>
public static class EventTimes
{
    /// <summary>The earliest event time, 0002-01-01T00:00:00Z, in microseconds since the Unix epoch.</summary>
    public const long Earliest = -62_104_060_800_000_000;

    /// <summary>The exclusive end of the event-time range, 9999-01-01T00:00:00Z, in microseconds since the Unix epoch.</summary>
    public const long LatestExclusive = 253_370_764_800_000_000;

    /// <summary>The result of <c>FromNullable</c> for null. It is not in the supported range, and no other value has it.</summary>
    internal const long Null = long.MinValue;

    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private const long EpochTicks = 621_355_968_000_000_000;

    /// <summary>Converts an instant. Fractions of a microsecond are rounded toward the past.</summary>
    /// <param name="value">The instant; treated as UTC unless its kind is <see cref="DateTimeKind.Local"/>.</param>
    /// <returns>Microseconds since the Unix epoch.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long From(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
        {
            value = value.ToUniversalTime();
        }

        // Ticks are never negative, so the division rounds toward the past; the epoch is a whole number of microseconds.
        return (long)((ulong)value.Ticks / TicksPerMicrosecond) - EpochTicks / TicksPerMicrosecond;
    }

    /// <summary>Converts an instant. Fractions of a microsecond are rounded toward the past.</summary>
    /// <param name="value">The instant.</param>
    /// <returns>Microseconds since the Unix epoch.</returns>
    public static long From(DateTimeOffset value) => From(value.UtcDateTime);

    /// <summary>Returns a value that already is in microseconds since the Unix epoch.</summary>
    /// <param name="micros">Microseconds since the Unix epoch.</param>
    /// <returns>The same value.</returns>
    public static long From(long micros) => micros;

    /// <summary>Converts a number of units since the Unix epoch. Fractions of a microsecond are rounded toward the past.</summary>
    /// <param name="value">The number.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <returns>Microseconds since the Unix epoch; the smallest or largest <c>long</c> if the value does not fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The unit is not a member of the enum.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long From(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => Times(value, 1_000_000),
        TimeUnit.Milliseconds => Times(value, 1_000),
        TimeUnit.Microseconds => value,
        TimeUnit.Nanoseconds => value / 1_000 - (value % 1_000 < 0 ? 1 : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>Converts an instant that may be null.</summary>
    /// <param name="value">The instant; see <see cref="From(DateTime)"/>.</param>
    /// <returns>Microseconds since the Unix epoch; the smallest <c>long</c> for null.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromNullable(DateTime? value) => value is { } instant ? From(instant) : Null;

    /// <summary>Converts an instant that may be null.</summary>
    /// <param name="value">The instant; see <see cref="From(DateTimeOffset)"/>.</param>
    /// <returns>Microseconds since the Unix epoch; the smallest <c>long</c> for null.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromNullable(DateTimeOffset? value) => value is { } instant ? From(instant) : Null;

    /// <summary>Converts microseconds since the Unix epoch that may be null.</summary>
    /// <param name="micros">Microseconds since the Unix epoch.</param>
    /// <returns>The same value; the smallest <c>long</c> for null, and only for null.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromNullable(long? micros) => micros is { } value ? Math.Max(value, Null + 1) : Null;

    /// <summary>Converts a number of units since the Unix epoch that may be null.</summary>
    /// <param name="value">The number.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <returns>
    /// Microseconds since the Unix epoch, as in <see cref="From(long, TimeUnit)"/>; the smallest <c>long</c> for null, and only for null.
    /// </returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromNullable(long? value, TimeUnit unit) =>
        value is { } number ? Math.Max(From(number, unit), Null + 1) : Null;

    /// <summary>Determines whether an event time is in the supported range.</summary>
    /// <param name="micros">Microseconds since the Unix epoch.</param>
    /// <returns><c>true</c> if the value is at least <see cref="Earliest"/> and less than <see cref="LatestExclusive"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsInRange(long micros) => (ulong)(micros - Earliest) < LatestExclusive - Earliest;

    /// <summary>Converts an event time to an instant.</summary>
    /// <param name="micros">Microseconds since the Unix epoch; clamped to the years 1 to 9999.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset ToDateTimeOffset(long micros)
    {
        const long min = -EpochTicks / TicksPerMicrosecond;
        var max = (DateTime.MaxValue.Ticks - EpochTicks) / TicksPerMicrosecond;
        return new DateTimeOffset(Math.Clamp(micros, min, max) * TicksPerMicrosecond + EpochTicks, TimeSpan.Zero);
    }

    /// <summary>Returns the error message for an event time outside of the supported range.</summary>
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
