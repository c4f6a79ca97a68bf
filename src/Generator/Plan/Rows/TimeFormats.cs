using System.Globalization;
using System.Text;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Plan;

/// <summary>Why a format cannot be used.</summary>
internal enum FormatFault
{
    /// <summary>It can be used.</summary>
    None,

    /// <summary>It cannot read what it writes.</summary>
    Read,

    /// <summary>What it omits would be taken from the clock of the machine.</summary>
    Clock,

    /// <summary>It is not a valid format: it cannot write either.</summary>
    Write,

    /// <summary>The bound between two adjacent fields cannot be determined, so some times would be read as others.</summary>
    Digits,
}

/// <summary>
/// Tests formats of dates and times by writing values and reading them back. The compiler may run on a framework without DateOnly.
/// </summary>
internal static class TimeFormats
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    // Each weekday, both halves of a day, and a year other than the current one. A format without a date reads 1 January of the year 1.
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
    /// The first field of a format that has no fixed number of digits and is directly followed by other digits; null if there is none. A
    /// reader would take all of these digits.
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

    /// <summary>A common format of a type.</summary>
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

    // For a format without a year, .NET uses the current year; or the year 1, if the style says so and the format has no day and no month
    // either.
    private static FormatFault Try(Func<DateTime, int?> readYear)
    {
        var read = Times.Select(time => (Written: time.Year, Read: readYear(time))).Where(static pair => pair.Read != null).ToList();
        return read.Count == 0 ? FormatFault.Read
            : read.Any(static pair => pair.Written > 1 && pair.Read == pair.Written)
                || read.All(static pair => pair.Read == 1) ? FormatFault.None
            : FormatFault.Clock;
    }

    // DateOnly and TimeOnly refuse fields that they do not have. One letter is a standard format; custom formats must not have such fields
    // outside of quotes.
    private static bool IsPart(string format, string standard, string others)
    {
        if (format.Length == 1 ? standard.IndexOf(format[0]) < 0 : TimeFormat.HasAny(format, others))
        {
            throw new FormatException();
        }

        return true;
    }
}
