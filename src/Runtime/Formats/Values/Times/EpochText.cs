using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>Reads and writes instants as numbers of units since the Unix epoch, in UTC.</summary>
internal static class EpochText
{
    /// <summary>Parses an instant. Fractions of a tick are rounded toward the past.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    public static bool TryParse<T>(ReadOnlySpan<byte> text, TimeUnit unit, out T value)
        where T : struct
    {
        value = default;
        Int128 ticks;
        if (Utf8Parser.TryParse(text, out long whole, out var length) && length == text.Length)
        {
            ticks = unit == TimeUnit.Nanoseconds ? Floor(whole, 100) : (Int128)whole * TicksOf(unit);
        }
        else if (!DecimalFloor.TryRead(text, PowerOf(unit), out ticks))
        {
            return false;
        }

        ticks += DateTime.UnixEpoch.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        var utc = new DateTime((long)ticks, DateTimeKind.Utc);
        if (typeof(T) == typeof(DateTime))
        {
            Unsafe.As<T, DateTime>(ref value) = utc;
            return true;
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            Unsafe.As<T, DateTimeOffset>(ref value) = new DateTimeOffset(utc);
            return true;
        }

        throw NotAnInstant<T>();
    }

    /// <summary>Writes an instant as a whole number of units, rounded toward the past.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    public static void Write<T>(Utf8Buffer output, T value, TimeUnit unit)
        where T : struct
    {
        var utc = typeof(T) == typeof(DateTime) ? Utc(Unsafe.As<T, DateTime>(ref value))
            : typeof(T) == typeof(DateTimeOffset) ? Unsafe.As<T, DateTimeOffset>(ref value).UtcTicks
            : throw NotAnInstant<T>();
        var ticks = utc - DateTime.UnixEpoch.Ticks;
        if (unit == TimeUnit.Nanoseconds)
        {
            // For most of the calendar this exceeds a long.
            ((Int128)ticks * 100).TryFormat(output.GetSpan(MaxLength), out var count, default, CultureInfo.InvariantCulture);
            output.Advance(count);
        }
        else
        {
            output.Advance(IntegerText.Write(output.GetSpan(IntegerText.MaxLength), Floor(ticks, TicksOf(unit))));
        }
    }

    /// <summary>Returns the expected content, for messages.</summary>
    public static string Expected(TimeUnit unit) => $"a number of {unit.ToString().ToLowerInvariant()} since 1970, in the years 1 to 9999";

    private const int MaxLength = 32;

    private static long TicksOf(TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => TimeSpan.TicksPerSecond,
        TimeUnit.Milliseconds => TimeSpan.TicksPerMillisecond,
        TimeUnit.Microseconds => TimeSpan.TicksPerMicrosecond,
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    // Returns the power of ten of a unit in ticks.
    private static int PowerOf(TimeUnit unit) => unit switch
    {
        TimeUnit.Seconds => 7,
        TimeUnit.Milliseconds => 4,
        TimeUnit.Microseconds => 1,
        TimeUnit.Nanoseconds => -2,
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    private static long Utc(DateTime value) => (value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).Ticks;

    private static long Floor(long number, long by) => number / by - (number % by < 0 ? 1 : 0);

    private static NotSupportedException NotAnInstant<T>() => new($"Columns of type {typeof(T)} cannot be numbers since 1970.");
}
