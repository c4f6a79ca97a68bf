using System.Globalization;
using System.Text;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Plan;

/// <summary>Why a format is of no use.</summary>
internal enum FormatFault
{
    /// <summary>It is of use.</summary>
    None,

    /// <summary>What it writes cannot be read by it.</summary>
    Read,

    /// <summary>What it leaves out would be read from the clock of the machine.</summary>
    Clock,

    /// <summary>It is no format: nothing can be written by it either.</summary>
    Write,

    /// <summary>Of two fields beside each other it cannot be told where one ends, so that some times would be read as others.</summary>
    Digits,
}

/// <summary>
/// Tries formats of dates and times as columns use them: on values, and back. The compiler may run where there is no DateOnly.
/// </summary>
internal static class TimeFormats
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    // One of each weekday, in both halves of a day, in a year that is not the present one; 1 January of the year 1 is what a format without
    // a date reads.
    private static readonly DateTime[] Times =
    [
        new(1, 1, 1, 13, 5, 9, DateTimeKind.Utc),
        .. Enumerable.Range(0, 7).Select(static day => new DateTime(1999, 11, 21, 3, 4, 5, DateTimeKind.Utc).AddDays(day)
            .AddHours(12 * (day % 2))
            .AddTicks(1_234_567)),
        new(1998, 12, 31, 23, 59, 59, DateTimeKind.Utc),
    ];

    private static readonly TimeSpan[] Spans = [
        TimeSpan.Zero,
        new(1, 2, 3, 4),
        new(11, 12, 13),
        new TimeSpan(-1, -2, -3),
        TimeSpan.FromTicks(1_234_567)
    ];

    public static FormatFault Try(ColumnKind kind, string format)
    {
        var fault = TryOnValues(kind, format);
        return fault is FormatFault.None or FormatFault.Clock && OpenField(kind, format) != null ? FormatFault.Digits : fault;
    }

    /// <summary>
    /// The first field of a format that may have more digits or fewer, and behind which others follow at once; null where there is none. A
    /// reader takes as many as there are.
    /// </summary>
    public static string? OpenField(ColumnKind kind, string format)
    {
        var fields = format.Length < 2 ? [] : TimeField.In(format, kind);
        var field = fields.Where((field, i) => field.IsVariable && i + 1 < fields.Count && fields[i + 1].BeginsWithDigit).FirstOrDefault();
        return field == null ? null : new string(field.Letter, field.Count);
    }

    private static FormatFault TryOnValues(ColumnKind kind, string format)
    {
        try
        {
            return kind switch
            {
                ColumnKind.DateTime =>
                    Try(time => IsShort(time.ToString(format, Invariant), out var text)
                        && DateTime.TryParseExact(text, format, Invariant, TimeFormat.DateTimeStyle, out var read) ? read.Year : null),
                ColumnKind.DateTimeOffset =>
                    Try(time => IsShort(new DateTimeOffset(time).ToString(format, Invariant), out var text)
                        && DateTimeOffset.TryParseExact(text, format, Invariant, TimeFormat.DateTimeOffsetStyle, out var read)
                        ? read.Year
                        : null),
                ColumnKind.DateOnly =>
                    Try(time => IsPart(format, "dDmMoOrRyY", ":tfFhHmszK")
                        && IsShort(time.Date.ToString(format, Invariant), out var text)
                        && DateTime.TryParseExact(text, format, Invariant, TimeFormat.PartStyle, out var read) ? read.Year : null),
                ColumnKind.TimeOnly =>
                    Times.Any(time => IsPart(format, "tToOrR", "dMy/zK")
                        && IsShort(time.ToString(format, Invariant), out var text)
                        && DateTime.TryParseExact(text, format, Invariant, TimeFormat.PartStyle, out _))
                        ? FormatFault.None
                        : FormatFault.Read,
                ColumnKind.TimeSpan =>
                    Spans.Any(span => IsShort(span.ToString(format, Invariant), out var text)
                        && TimeSpan.TryParseExact(text, format, Invariant, out _))
                        ? FormatFault.None
                        : FormatFault.Read,
                _ => FormatFault.None,
            };
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

    private static bool IsShort(string written, out string text)
    {
        text = written;
        return Encoding.UTF8.GetByteCount(text) <= TimeFormat.MaxLength;
    }

    // Where a format has no year, .NET takes the present one; the year 1, where the style says so and there is no day and no month either.
    private static FormatFault Try(Func<DateTime, int?> readYear)
    {
        var read = Times.Select(time => (Written: time.Year, Read: readYear(time))).Where(static pair => pair.Read != null).ToList();
        return read.Count == 0 ? FormatFault.Read
            : read.Any(static pair => pair.Written > 1 && pair.Read == pair.Written)
                || read.All(static pair => pair.Read == 1) ? FormatFault.None
            : FormatFault.Clock;
    }

    // DateOnly and TimeOnly refuse what they do not have: one letter is a standard format, several have no others outside of quotes.
    private static bool IsPart(string format, string standard, string others)
    {
        if (format.Length == 1 ? standard.IndexOf(format[0]) < 0 : TimeFormat.HasAny(format, others))
        {
            throw new FormatException();
        }

        return true;
    }
}
