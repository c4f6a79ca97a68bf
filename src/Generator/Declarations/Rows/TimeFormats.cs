using System.Globalization;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>Why a format is of no use.</summary>
internal enum FormatFault
{
    /// <summary>It is of use.</summary>
    None,

    /// <summary>What it writes cannot be read by it.</summary>
    Read,

    /// <summary>It is no format: nothing can be written by it either.</summary>
    Write,
}

/// <summary>Tries formats of dates and times as columns use them: on values, and back. The compiler may run where there is no DateOnly.</summary>
internal static class TimeFormats
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    // One of each weekday, in both halves of a day; 1 January of the year 1 is what a format without a date reads.
    private static readonly DateTime[] Times =
    [
        new(1, 1, 1, 13, 5, 9, DateTimeKind.Utc),
        .. Enumerable.Range(0, 7).Select(static day => new DateTime(2026, 11, 22, 3, 4, 5, DateTimeKind.Utc).AddDays(day).AddHours(12 * (day % 2)).AddTicks(1_234_567)),
        new(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc),
    ];

    private static readonly TimeSpan[] Spans = [TimeSpan.Zero, new(1, 2, 3, 4), new(11, 12, 13), new TimeSpan(-1, -2, -3), TimeSpan.FromTicks(1_234_567)];

    public static FormatFault Try(ColumnKind kind, string format)
    {
        try
        {
            var isRead = kind switch
            {
                ColumnKind.DateTime => Times.Any(time => DateTime.TryParseExact(time.ToString(format, Invariant), format, Invariant, Utc, out _)),
                ColumnKind.DateTimeOffset => Times.Any(time => DateTimeOffset.TryParseExact(new DateTimeOffset(time).ToString(format, Invariant), format, Invariant, DateTimeStyles.AssumeUniversal, out _)),
                ColumnKind.DateOnly => IsPart(format, "dDmMoOrRyY", ":tfFhHmszK") && Times.Any(time => DateTime.TryParseExact(time.Date.ToString(format, Invariant), format, Invariant, DateTimeStyles.NoCurrentDateDefault, out _)),
                ColumnKind.TimeOnly => IsPart(format, "tToOrR", "dMy/zK") && Times.Any(time => DateTime.TryParseExact(time.ToString(format, Invariant), format, Invariant, DateTimeStyles.NoCurrentDateDefault, out _)),
                ColumnKind.TimeSpan => Spans.Any(span => TimeSpan.TryParseExact(span.ToString(format, Invariant), format, Invariant, out _)),
                _ => true,
            };
            return isRead ? FormatFault.None : FormatFault.Read;
        }
        catch (FormatException)
        {
            return FormatFault.Write;
        }
    }

    /// <summary>A format of a type that is often used.</summary>
    public static string ExampleOf(string type) => type switch
    {
        "DateOnly" => "yyyy-MM-dd",
        "TimeOnly" => "HH:mm:ss",
        _ => "yyyy-MM-dd HH:mm:ss",
    };

    // DateOnly and TimeOnly refuse what they do not have: one letter is a standard format, several have no others outside of quotes.
    private static bool IsPart(string format, string standard, string others)
    {
        if (format.Length == 1 ? standard.IndexOf(format[0]) < 0 : HasAny(format, others))
        {
            throw new FormatException();
        }

        return true;
    }

    private static bool HasAny(string format, string letters)
    {
        var quote = '\0';
        for (var i = 0; i < format.Length; i++)
        {
            var letter = format[i];
            if (letter == '\\')
            {
                i++;
            }
            else if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter is '\'' or '"')
            {
                quote = letter;
            }
            else if (letters.IndexOf(letter) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
