using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>Writes ISO 8601: <c>2001-01-31T13:45:00Z</c>, with a fraction only if it is not zero, without trailing zeros.</summary>
internal static class IsoText
{
    /// <summary>Writes a date and time with its offset, or <c>Z</c> if the offset is zero.</summary>
    /// <returns>The number of bytes written, at most 33.</returns>
    public static int WriteInstant(Span<byte> room, long ticks, int offsetMinutes)
    {
        WriteDate(room, (int)(ticks / TimeSpan.TicksPerDay));
        room[10] = (byte)'T';
        var at = 11 + WriteTime(room[11..], ticks % TimeSpan.TicksPerDay);
        if (offsetMinutes == 0)
        {
            room[at] = (byte)'Z';
            return at + 1;
        }

        room[at] = offsetMinutes < 0 ? (byte)'-' : (byte)'+';
        var minutes = Math.Abs(offsetMinutes);
        Pair(room, at + 1, minutes / 60);
        room[at + 3] = (byte)':';
        Pair(room, at + 4, minutes % 60);
        return at + 6;
    }

    /// <summary>Writes a date, or a date and time, in a format without an offset: <c>yyyy-MM-dd[(T| )HH:mm[:ss[.f…]]]</c>.</summary>
    /// <returns>The length of the format.</returns>
    public static int Write(Span<byte> room, long ticks, string format)
    {
        WriteDate(room, (int)(ticks / TimeSpan.TicksPerDay));
        if (format.Length == 10)
        {
            return 10;
        }

        room[10] = (byte)format[10];
        return 11 + WriteTime(room[11..], ticks % TimeSpan.TicksPerDay, format.Length - 11);
    }

    /// <summary>Writes a time of day with a given number of characters of <c>HH:mm:ss.fffffff</c>; finer digits are truncated.</summary>
    /// <returns>The length in bytes.</returns>
    public static int WriteTime(Span<byte> room, long ticks, int length)
    {
        var seconds = (int)(ticks / TimeSpan.TicksPerSecond);
        Pair(room, 0, seconds / 3600);
        room[2] = (byte)':';
        Pair(room, 3, seconds / 60 % 60);
        if (length == 5)
        {
            return 5;
        }

        room[5] = (byte)':';
        Pair(room, 6, seconds % 60);
        if (length == 8)
        {
            return 8;
        }

        room[8] = (byte)'.';
        var fraction = (int)(ticks % TimeSpan.TicksPerSecond);
        for (var (at, unit) = (9, (int)TimeSpan.TicksPerSecond / 10); at < length; at++, unit /= 10)
        {
            room[at] = (byte)('0' + fraction / unit);
            fraction %= unit;
        }

        return length;
    }

    /// <summary>Writes a date.</summary>
    /// <returns>Always 10.</returns>
    public static int WriteDate(Span<byte> room, int dayNumber)
    {
        var (year, month, day) = DateOnly.FromDayNumber(dayNumber);
        Pair(room, 0, year / 100);
        Pair(room, 2, year % 100);
        room[4] = (byte)'-';
        Pair(room, 5, month);
        room[7] = (byte)'-';
        Pair(room, 8, day);
        return 10;
    }

    /// <summary>Writes a time of day.</summary>
    /// <returns>The number of bytes written, 8 to 16.</returns>
    public static int WriteTime(Span<byte> room, long ticks)
    {
        var seconds = (int)(ticks / TimeSpan.TicksPerSecond);
        Pair(room, 0, seconds / 3600);
        room[2] = (byte)':';
        Pair(room, 3, seconds / 60 % 60);
        room[5] = (byte)':';
        Pair(room, 6, seconds % 60);
        var fraction = (int)(ticks % TimeSpan.TicksPerSecond);
        if (fraction == 0)
        {
            return 8;
        }

        room[8] = (byte)'.';
        var at = 9;
        for (var unit = (int)TimeSpan.TicksPerSecond / 10; fraction != 0; unit /= 10)
        {
            room[at++] = (byte)('0' + fraction / unit);
            fraction %= unit;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(Span<byte> room, int at, int value)
    {
        room[at + 1] = (byte)('0' + value % 10);
        room[at] = (byte)('0' + value / 10);
    }
}
