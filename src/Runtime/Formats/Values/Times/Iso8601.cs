using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>
/// Reads ISO 8601 dates and times: <c>yyyy-MM-dd</c>, <c>yyyy-MM-ddTHH:mm[:ss[.fffffff]][Z|±hh[[:]mm]]</c>, also with a space instead of
/// the T. The text must be followed by at least 16 readable bytes, as for <see cref="Digits"/>.
/// </summary>
internal static class Iso8601
{
    /// <summary>The value of <c>offsetMinutes</c> for text without an offset.</summary>
    public const int NoOffset = int.MinValue;

    // "yyyy-MM-" and "ddTHH:mm": after XOR, each byte is the value of a digit, or 0 for a separator.
    private const ulong DatePattern = 0x2D30302D30303030;
    private const ulong DateLimits = 0x7F76767F76767676;
    private const ulong TimePattern = 0x30303A3030543030;
    private const ulong TimeLimits = 0x76767F76767F7676;
    private const ulong HighBits = 0x8080808080808080;

    /// <summary>Reads a date, or a date and time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ticks">The local ticks, as shown in the text.</param>
    /// <param name="offsetMinutes">The minutes to subtract for UTC, or <see cref="NoOffset"/>.</param>
    /// <returns>The number of bytes read, or 0 if the text does not begin with a date.</returns>
    public static int ReadInstant(ref byte text, out long ticks, out int offsetMinutes)
    {
        offsetMinutes = NoOffset;
        var date = Digits.Load(ref text) ^ DatePattern;
        var time = Digits.Load(ref Unsafe.Add(ref text, 8)) ^ TimePattern;
        if (((((date + DateLimits) | date) | ((time + TimeLimits) | time)) & HighBits) != 0)
        {
            return ReadUnusual(ref text, out ticks, out offsetMinutes);
        }

        date = date * 10 + (date >> 8);
        time = time * 10 + (time >> 8);
        var hour = (uint)(time >> 24) & 0xFF;
        var minute = (uint)(time >> 48) & 0xFF;
        if (!TryDays((uint)date & 0xFF, (uint)(date >> 16) & 0xFF, (uint)(date >> 40) & 0xFF, (uint)time & 0xFF, out var days)
            || hour > 23
            || minute > 59)
        {
            ticks = 0;
            return 0;
        }

        ticks = days * TimeSpan.TicksPerDay + (hour * 60 + minute) * TimeSpan.TicksPerMinute;
        return Unsafe.Add(ref text, 16) is (byte)':' or (byte)'Z' or (byte)'+' or (byte)'-'
            ? ReadRest(ref text, 16, ref ticks, out offsetMinutes)
            : 16;
    }

    /// <summary>Reads <c>HH:mm[:ss[.fffffff]]</c>.</summary>
    /// <returns>The number of bytes read, or 0 if the text does not begin with a time.</returns>
    public static int ReadTime(ref byte text, out long ticks)
    {
        ticks = 0;
        if (!TryPair(ref text, 0, out var hour)
            || Unsafe.Add(ref text, 2) != ':'
            || !TryPair(ref text, 3, out var minute)
            || hour > 23
            || minute > 59)
        {
            return 0;
        }

        ticks = (hour * 60 + minute) * TimeSpan.TicksPerMinute;
        return ReadSeconds(ref text, 5, ref ticks);
    }

    /// <summary>Reads <c>yyyy-MM-dd</c>.</summary>
    /// <returns>10, or 0 if the text does not begin with a date.</returns>
    public static int ReadDate(ref byte text, out long days)
    {
        var date = Digits.Load(ref text) ^ DatePattern;
        days = 0;
        if ((((date + DateLimits) | date) & HighBits) != 0 || !TryPair(ref text, 8, out var day))
        {
            return 0;
        }

        date = date * 10 + (date >> 8);
        return TryDays((uint)date & 0xFF, (uint)(date >> 16) & 0xFF, (uint)(date >> 40) & 0xFF, day, out days) ? 10 : 0;
    }

    // A date without time, or a space in place of the T.
    private static int ReadUnusual(ref byte text, out long ticks, out int offsetMinutes)
    {
        offsetMinutes = NoOffset;
        var length = ReadDate(ref text, out var days);
        ticks = days * TimeSpan.TicksPerDay;
        if (length == 0 || Unsafe.Add(ref text, 10) is not ((byte)' ' or (byte)'T'))
        {
            return length;
        }

        if (!TryPair(ref text, 11, out var hour)
            || Unsafe.Add(ref text, 13) != ':'
            || !TryPair(ref text, 14, out var minute)
            || hour > 23
            || minute > 59)
        {
            return 0;
        }

        ticks += (hour * 60 + minute) * TimeSpan.TicksPerMinute;
        return ReadRest(ref text, 16, ref ticks, out offsetMinutes);
    }

    private static int ReadRest(ref byte text, int at, ref long ticks, out int offsetMinutes)
    {
        offsetMinutes = NoOffset;
        at = ReadSeconds(ref text, at, ref ticks);
        if (at == 0)
        {
            return 0;
        }

        var zone = Unsafe.Add(ref text, at);
        if (zone == 'Z')
        {
            offsetMinutes = 0;
            return at + 1;
        }

        if (zone is not ((byte)'+' or (byte)'-'))
        {
            return at;
        }

        if (!TryPair(ref text, at + 1, out var hours))
        {
            return 0;
        }

        // Minutes are optional.
        at += 3;
        var minutesAt = Unsafe.Add(ref text, at) == ':' ? at + 1 : at;
        if (TryPair(ref text, minutesAt, out var minutes))
        {
            at = minutesAt + 2;
        }

        if (minutes > 59 || hours * 60 + minutes > 14 * 60)
        {
            return 0;
        }

        var offset = (int)(hours * 60 + minutes) * (zone == '-' ? -1 : 1);
        var utc = ticks - offset * TimeSpan.TicksPerMinute;
        if (utc < 0 || utc > DateTime.MaxValue.Ticks)
        {
            return 0;
        }

        offsetMinutes = offset;
        return at;
    }

    // Reads [:ss[.f…]] at `at`; digits after the seventh are truncated.
    private static int ReadSeconds(ref byte text, int at, ref long ticks)
    {
        if (Unsafe.Add(ref text, at) != ':')
        {
            return at;
        }

        if (!TryPair(ref text, at + 1, out var second) || second > 59)
        {
            return 0;
        }

        ticks += second * TimeSpan.TicksPerSecond;
        at += 3;
        if (Unsafe.Add(ref text, at) != '.')
        {
            return at;
        }

        at++;
        var unit = TimeSpan.TicksPerSecond / 10;
        var first = at;
        for (; Unsafe.Add(ref text, at) is >= (byte)'0' and <= (byte)'9' && at - first < 9; at++)
        {
            ticks += (Unsafe.Add(ref text, at) - '0') * unit;
            unit /= 10;
        }

        return at == first ? 0 : at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPair(ref byte text, int at, out uint value)
    {
        var tens = (uint)Unsafe.Add(ref text, at) - '0';
        if (tens > 9)
        {
            value = 0;
            return false;
        }

        var ones = (uint)Unsafe.Add(ref text, at + 1) - '0';
        value = tens * 10 + ones;
        return ones <= 9;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDays(uint century, uint yearOfCentury, uint month, uint day, out long days)
    {
        days = 0;
        if (month - 1 > 11)
        {
            return false;
        }

        var year = century * 100 + yearOfCentury;
        var isLeap = yearOfCentury != 0 ? (yearOfCentury & 3) == 0 : (century & 3) == 0;
        var before = isLeap ? DaysBeforeMonthInLeapYear : DaysBeforeMonth;
        var first = before[(int)month - 1];
        if (day - 1 >= (uint)(before[(int)month] - first) || year == 0)
        {
            return false;
        }

        var past = year - 1;
        days = past * 365 + past / 4 - past / 100 + past / 400 + first + day - 1;
        return true;
    }

    private static ReadOnlySpan<ushort> DaysBeforeMonth => [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    private static ReadOnlySpan<ushort> DaysBeforeMonthInLeapYear => [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366];
}
