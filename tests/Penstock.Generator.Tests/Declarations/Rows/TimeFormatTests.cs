using System.Globalization;
using System.Reflection;
using Penstock.Formats;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.Rows;

/// <summary>Formats of columns are tested when a pipeline is built, by the same rules of .NET as at run time.</summary>
public sealed class TimeFormatTests
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "dd/MM/yyyy", "dd/MM/yyyy|yyyy-MM-dd", "HH:mm", "HH:mm:ss", "hh:mm tt", @"hh\:mm",
        @"d\.hh\:mm\:ss\.fffffff", "hh:mm", "c", "g", "G", "o", "O", "r", "R", "s", "u", "U", "d", "D",
        "t", "T", "m", "y", "x", "k", "%", "%%", "%d", "%H", "%m", "not a format %%%", "'day' dd", "'open", "\"q\" yyyy",
        "yyyy-MM-dd HH:mm:ss.fffffff", "yyyy-MM-dd HH:mm:ss.ffffffff", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ssK",
        "ddd, dd MMM yyyy", "dddd", "ddd", "MMMM", "gg yyyy", "hh", "HHmmss", "yyyyMMdd", "yyyyMMddHHmmss", "dd.MM.yy", "'h'", "\\",
        "yyyy\\-MM", "FFF", "mm:ss", "ss", "%z", "zz", "tt", "'T'HH", "yyyy'T'MM", "'T'", "MM-dd HH:mm", "MMM d HH:mm:ss", "HH:mm zzz",
        "yy", "'yyyy' HH:mm",
        "yyyy-MM-dd'" + new string('x', 246) + "'", "yyyy-MM-dd'" + new string('x', 247) + "'", "HH:mm:ss'" + new string('é', 125) + "'",
    ];

    private delegate bool Reader<T>(ReadOnlySpan<byte> text, string format, out T value);

    private delegate void Writer<T>(Utf8Buffer output, T value, string format);

    public static TheoryData<string> All => [.. Formats];

    [Theory]
    [MemberData(nameof(All))]
    public void A_format_is_refused_as_at_run_time(string format)
    {
        // Values with fractions of a second of all lengths. None is in the year in which the test runs.
        DateTime[] times = [
            .. Enumerable
                .Range(0, 800)
                .Select(static i => new DateTime(2004, 1, 1, 0, 0, 0, DateTimeKind.Utc)
                    .AddHours(i * 13)
                    .AddTicks(i % 3 == 0 ? i : i * 1_234_567L % 10_000_000)),
            new(1, 1, 1, 13, 0, 0, DateTimeKind.Utc),
            new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc)
        ];
        Assert.Equal(Expected(times, format, static time => time.Year), TimeFormats.Try(ColumnKind.DateTime, format));
        Assert.Equal(
            Expected(times.Select(static time => new DateTimeOffset(time)), format, static time => time.Year),
            TimeFormats.Try(ColumnKind.DateTimeOffset, format));
        Assert.Equal(
            Expected(times.Select(DateOnly.FromDateTime), format, static day => day.Year),
            TimeFormats.Try(ColumnKind.DateOnly, format));
        Assert.Equal(Expected(times.Select(TimeOnly.FromDateTime), format), TimeFormats.Try(ColumnKind.TimeOnly, format));
        Assert.Equal(Expected(times.Select(time => time - times[0]), format), TimeFormats.Try(ColumnKind.TimeSpan, format));
    }

    [Theory]
    [InlineData(
        "DateTime",
        "not a format %%%",
        "public record Row([Column(\"a\", Format = ^)] T At, int B);",
        "is not a format of DateTime: write it as \"yyyy-MM-dd HH:mm:ss\"")]
    [InlineData(
        "DateOnly",
        "HH:mm",
        "public record Row([property: Column(Format = ^)] T At);",
        "is not a format of DateOnly: write it as \"yyyy-MM-dd\"")]
    [InlineData(
        "TimeSpan",
        "hh:mm",
        "public sealed class Row { [Column(Format = ^)] public T At { get; set; } }",
        "is not a format of TimeSpan: write it as \"hh\\:mm\\:ss\", with a backslash before each character that is not a format letter")]
    [InlineData(
        "TimeOnly",
        "yyyy",
        "public class Base { [Column(Format = ^)] public T At; } public sealed class Row : Base { public int B; }",
        "is not a format of TimeOnly: write it as \"HH:mm:ss\"")]
    public void The_error_stands_at_the_format(string type, string format, string row, string message)
    {
        var program = row.Replace("^", $"\"{format}\"", StringComparison.Ordinal).Replace("T At", type + " At", StringComparison.Ordinal)
            + " [Pipeline] public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }";
        var found = Assert.Single(TestCompiler.Build(program).Penstock);
        Assert.Equal("PEN530", found.Id);
        Assert.Equal(row.IndexOf('^', StringComparison.Ordinal), found.Location.SourceSpan.Start);
        Assert.Equal($"\"{format}\"", found.MarkedText());
        Assert.Equal($"Format '{format}' of 'Row.At' {message}", found.GetMessage(CultureInfo.InvariantCulture));
    }

    // A format, and the same format with separated fields: values read with each must equal those written.
    [Theory]
    [InlineData("yyyyMMddHm", "yyyy|MM|dd|H|m", "H")]
    [InlineData("yyyyMdHHmm", "yyyy|M|d|HH|mm", "M")]
    [InlineData("yyyyMdHm", "yyyy|M|d|H|m", "M")]
    [InlineData("yyyyMMddHmm", "yyyy|MM|dd|H|mm", "H")]
    [InlineData("yyyyMMdd%Hm", "yyyy|MM|dd|H|m", "H")]
    [InlineData("yyyyMMddH'1'm", "yyyy|MM|dd|H|m", "H")]
    [InlineData("yyyyMMddH\\1m", "yyyy|MM|dd|H|m", "H")]
    [InlineData("yyyyMMddHHmmsFFF", "yyyy|MM|dd|HH|mm|s|FFF", "s")]
    [InlineData("yyyyMMdd.FFFHH", "yyyy|MM|dd|FFF|HH", "FFF")]
    [InlineData("yMMdd", "y|MM|dd", "y")]
    [InlineData("yyyy MMMM dHH", "yyyy|MM|d|HH", "d")]
    [InlineData("yyyyMMddHHm", "yyyy|MM|dd|HH|m", null)]
    [InlineData("yyyyMMddHHmmss", "yyyy|MM|dd|HH|mm|ss", null)]
    [InlineData("yyyyMMddHHmmssFFF", "yyyy|MM|dd|HH|mm|ss|FFF", null)]
    [InlineData("yyyyMMddHHmms.FFF", "yyyy|MM|dd|HH|mm|s|FFF", null)]
    [InlineData("yyyy-M-d H:m:s", "yyyy|M|d|H|m|s", null)]
    [InlineData("yyyyMMddH'h'm", "yyyy|MM|dd|H|m", null)]
    [InlineData("dMMMyyyy H:m", "d|M|yyyy|H|m", null)]
    [InlineData("yyyyMMddhtm", "yyyy|MM|dd|h|t|m", null)]
    [InlineData("d/M/yyyy", "d|M|yyyy", null)]
    public void A_format_is_refused_by_which_a_time_is_read_as_another_one(string format, string apart, string? open)
    {
        var misread = Some().Any(time => !DateTime.TryParseExact(
            Text(time, format),
            format,
            CultureInfo.InvariantCulture,
            TimeFormat.DateTimeStyle,
            out var read)
            || Text(read, apart) != Text(time, apart));
        Assert.Equal(open != null, misread);
        Assert.Equal(open == null ? FormatFault.None : FormatFault.Digits, TimeFormats.Try(ColumnKind.DateTime, format));
        Assert.Equal(open, TimeFormats.OpenField(ColumnKind.DateTime, format));
    }

    [Theory]
    [InlineData("ddhh", "dd")]
    [InlineData("hms", "h")]
    [InlineData("hhmmss", null)]
    [InlineData(@"d\.h\:m\:s\.FFF", null)]
    [InlineData("c", null)]
    public void A_format_of_a_duration_is_refused_whose_digits_run_together(string format, string? open)
    {
        TimeSpan[] spans = [
            .. Some().Take(4_000).Select(static time => time - new DateTime(time.Year - (time.Day % 2), 1, 1, 0, 0, 0, DateTimeKind.Utc))
        ];
        Assert.Equal(
            open != null,
            spans.Any(span => !TimeSpan.TryParseExact(
                span.ToString(format, CultureInfo.InvariantCulture),
                format,
                CultureInfo.InvariantCulture,
                out var read)
                || (read - span).Duration() >= (format == "ddhh"
                    ? TimeSpan.FromHours(1)
                    : format == "c" ? TimeSpan.FromTicks(1) : TimeSpan.FromDays(1))
                    && (format[0] != 'h' || read.Hours != span.Hours || read.Minutes != span.Minutes)));
        Assert.Equal(open == null ? FormatFault.None : FormatFault.Digits, TimeFormats.Try(ColumnKind.TimeSpan, format));
    }

    [Fact]
    public void The_field_is_named_whose_digits_run_on()
    {
        const string rows = "public record Row([property: Column(Format = \"yyyyMMddHm\")] DateTime At, int B); ";
        var pipeline =
            ProgramText.Pipeline("[FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; }", "Shop");
        var found = Assert.Single(TestCompiler.Build(rows + pipeline).Penstock);
        Assert.Equal(("PEN530", "\"yyyyMMddHm\""), (found.Id, found.MarkedText()));
        Assert.Equal(
            "Format 'yyyyMMddHm' of 'Row.At' reads some times as other times, because 'H' has no fixed number of digits and other digits follow it: put another character between the two, or give the field a fixed number of digits, as in \"yyyyMMddHHmmss\"",
            found.GetMessage(CultureInfo.InvariantCulture));
    }

    // Values of whole seconds, or any.
    [Theory]
    [InlineData("yyyyMMddHHmmss", true)]
    [InlineData("yyyyMMddHHmms", true)]
    [InlineData("yyyyMMddHmmss", true)]
    [InlineData("yyyyMMddHmss", true)]
    [InlineData("yyyyMdHHmmss", true)]
    [InlineData("yyyyMMddH'x'm'y's", true)]
    [InlineData("yyyyMMddH1m2s", true)]
    [InlineData("yyyyMMddHH:m:ss", true)]
    [InlineData("d.M.yyyy H:m:s", true)]
    [InlineData("ddMMMMyyyyHHmmss", true)]
    [InlineData("ddddMMyyyyHHmmss", true)]
    [InlineData("MdyyyyHHmmss", true)]
    [InlineData("yyMMddHHmmss", true)]
    [InlineData("yyyMMddHHmmss", true)]
    [InlineData("yyyyMMddhhmmss", true)]
    [InlineData("yyyyMMddhhmmsst", true)]
    [InlineData("R", true)]
    [InlineData("u", true)]
    [InlineData("g", true)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fffffff", false)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.fff", false)]
    [InlineData("yyyy-MM-ddTHH:mm:ss.FFFFFFF", false)]
    [InlineData("yyyyMMddHHmmssFFFFFFF", false)]
    [InlineData("yyyyMMddHHmmsFFFFFFF", false)]
    [InlineData("s", false)]
    public void A_format_identifies_an_instant_by_which_no_two_are_the_same_text(string format, bool isSecond)
    {
        List<DateTime> times = [.. Some().Where(time => !isSecond || time.Ticks % TimeSpan.TicksPerSecond == 0)];
        var column = new ColumnModel(
            "At",
            "at",
            ColumnKind.DateTime,
            false,
            TypeName.Of("System.DateTime"),
            format,
            true,
            EquatableArray<string>.Empty);
        Assert.Equal(
            times.Select(time => Text(time, format)).Distinct().Count() == times.Count,
            KeyText.IsWhole(column, new IdentifyingMember("At", isSecond ? Durations.Second : 0, false)));
    }

    // Days of several years, with parts of a day of one and of two digits.
    private static IEnumerable<DateTime> Some() =>
        from day in Enumerable.Range(0, 366)
            .Select(static day => new DateTime(2004, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(day))
            .Concat([new(2011, 11, 1, 0, 0, 0, DateTimeKind.Utc), new(2104, 1, 1, 0, 0, 0, DateTimeKind.Utc)])
        from hour in new[] { 1, 11, 13 }
        from minute in new[] { 0, 1, 10, 11 }
        from second in new[] { 1, 12 }
        from ticks in new[] { 0, 2_000_000, 1_234_567, 1_234_568 }
        select day.AddHours(hour).AddMinutes(minute).AddSeconds(second).AddTicks(ticks);

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("DateTime", "MMM d HH:mm")]
    [InlineData("DateTimeOffset", "HH:mm")]
    [InlineData("DateOnly", "dd/MM")]
    public void A_format_without_a_year_is_a_warning(string type, string format)
    {
        var found =
            Assert.Single(
                TestCompiler.Build(
                    $"public record Row([property: Column(Format = \"{format}\")] {type} At, int B); [Pipeline] public sealed partial class Shop {{ [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows {{ get; }} }}").Penstock);
        Assert.Equal(("PEN532", $"\"{format}\""), (found.Id, found.MarkedText()));
        Assert.StartsWith(
            $"Format '{format}' of 'Row.At' has no year, so a row gets the year of the day on which it is read:",
            found.GetMessage(CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sink_may_write_what_cannot_be_read()
    {
        const string rows = "public record Row([Column(Format = \"HH HH:mm tt t\")] DateTime At); ";
        const string source =
            "public sealed class Here : Penstock.Connectors.ISource<Row> { public IReadOnlyList<Penstock.Connectors.SourceSplit> Discover() => []; public Penstock.Connectors.ISplitReader<Row> Open(Penstock.Connectors.SourceSplit split, ReadOnlySpan<byte> position, Penstock.Connectors.IBadRowHandler badRows) => throw new NotSupportedException(); }";
        TestCompiler
            .Build(rows
                + source
                + " [Pipeline] public sealed partial class Shop { [Source<Here>] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }")
            .AssertClean();
    }

    // The fault of the columns of the runtime when they write and read each value. A year that is neither the written one nor year 1 comes
    // from the clock.
    private static FormatFault Expected<T>(IEnumerable<T> values, string format, Func<T, int>? yearOf = null)
        where T : struct
    {
        var read = Method<T, Reader<T>>("TextValues", "TryParse", nameof(format));
        var write = Method<T, Writer<T>>("TextFormats", "Write", nameof(format));
        var fault = FormatFault.Read;
        try
        {
            foreach (var value in values)
            {
                using var text = new Utf8Buffer(64);
                write(text, value, format);
                if (read(text.Written, format, out var again))
                {
                    var year = yearOf?.Invoke(again) ?? 1;
                    if (year > 1 && year == yearOf!(value))
                    {
                        return FormatFault.None;
                    }

                    fault = year > 1 ? FormatFault.Clock : fault == FormatFault.Read ? FormatFault.None : fault;
                }
            }

            return fault;
        }
        catch (FormatException)
        {
            return FormatFault.Write;
        }
    }

    private static TDelegate Method<T, TDelegate>(string type, string name, string parameter)
        where TDelegate : Delegate =>
        typeof(Utf8Buffer).Assembly.GetType($"Penstock.Formats.{type}")!.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Single(method => method.Name == name && method.GetParameters().Any(candidate => candidate.Name == parameter))
            .MakeGenericMethod(typeof(T)).CreateDelegate<TDelegate>();
}
