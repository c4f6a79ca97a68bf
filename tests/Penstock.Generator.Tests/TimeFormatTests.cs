using System.Globalization;
using System.Reflection;
using Penstock.Formats;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Plan;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>Formats of columns are tried when a pipeline is built, by the rules of .NET that hold at run time.</summary>
public sealed class TimeFormatTests
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "dd/MM/yyyy", "dd/MM/yyyy|yyyy-MM-dd", "HH:mm", "HH:mm:ss", "hh:mm tt", @"hh\:mm", @"d\.hh\:mm\:ss\.fffffff", "hh:mm", "c", "g", "G", "o", "O", "r", "R", "s", "u", "U", "d", "D",
        "t", "T", "m", "y", "x", "k", "%", "%%", "%d", "%H", "%m", "not a format %%%", "'day' dd", "'open", "\"q\" yyyy", "yyyy-MM-dd HH:mm:ss.fffffff", "yyyy-MM-dd HH:mm:ss.ffffffff", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ssK",
        "ddd, dd MMM yyyy", "dddd", "ddd", "MMMM", "gg yyyy", "hh", "HHmmss", "yyyyMMdd", "yyyyMMddHHmmss", "dd.MM.yy", "'h'", "\\", "yyyy\\-MM", "FFF", "mm:ss", "ss", "%z", "zz", "tt", "'T'HH", "yyyy'T'MM", "'T'", "MM-dd HH:mm", "MMM d HH:mm:ss", "HH:mm zzz", "yy", "'yyyy' HH:mm",
        "yyyy-MM-dd'" + new string('x', 246) + "'", "yyyy-MM-dd'" + new string('x', 247) + "'", "HH:mm:ss'" + new string('é', 125) + "'",
    ];

    private delegate bool Reader<T>(ReadOnlySpan<byte> text, string format, out T value);

    private delegate void Writer<T>(Utf8Buffer output, T value, string format);

    public static TheoryData<string> All => [.. Formats];

    [Theory]
    [MemberData(nameof(All))]
    public void A_format_is_refused_as_at_run_time(string format)
    {
        // Of all lengths of fractions of a second. None is of the year in which the test runs.
        DateTime[] times = [.. Enumerable.Range(0, 800).Select(static i => new DateTime(2004, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i * 13).AddTicks(i % 3 == 0 ? i : i * 1_234_567L % 10_000_000)), new(1, 1, 1, 13, 0, 0, DateTimeKind.Utc), new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc)];
        Assert.Equal(Expected(times, format, static time => time.Year), TimeFormats.Try(ColumnKind.DateTime, format));
        Assert.Equal(Expected(times.Select(static time => new DateTimeOffset(time)), format, static time => time.Year), TimeFormats.Try(ColumnKind.DateTimeOffset, format));
        Assert.Equal(Expected(times.Select(DateOnly.FromDateTime), format, static day => day.Year), TimeFormats.Try(ColumnKind.DateOnly, format));
        Assert.Equal(Expected(times.Select(TimeOnly.FromDateTime), format), TimeFormats.Try(ColumnKind.TimeOnly, format));
        Assert.Equal(Expected(times.Select(time => time - times[0]), format), TimeFormats.Try(ColumnKind.TimeSpan, format));
    }

    [Theory]
    [InlineData("DateTime", "not a format %%%", "public record Row([Column(\"a\", Format = ^)] T At, int B);", "is no format of a DateTime: write it as \"yyyy-MM-dd HH:mm:ss\"")]
    [InlineData("DateOnly", "HH:mm", "public record Row([property: Column(Format = ^)] T At);", "is no format of a DateOnly: write it as \"yyyy-MM-dd\"")]
    [InlineData("TimeSpan", "hh:mm", "public sealed class Row { [Column(Format = ^)] public T At { get; set; } }", "is no format of a TimeSpan: write it as \"hh\\:mm\\:ss\", with a backslash before each character that is no letter of the format")]
    [InlineData("TimeOnly", "yyyy", "public class Base { [Column(Format = ^)] public T At; } public sealed class Row : Base { public int B; }", "is no format of a TimeOnly: write it as \"HH:mm:ss\"")]
    public void The_error_stands_at_the_format(string type, string format, string row, string message)
    {
        var program = row.Replace("^", $"\"{format}\"", StringComparison.Ordinal).Replace("T At", type + " At", StringComparison.Ordinal)
            + " [Pipeline] public sealed partial class Shop { [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }";
        var found = Assert.Single(TestCompiler.Build(program).Penstock);
        Assert.Equal("PEN530", found.Id);
        Assert.Equal(row.IndexOf('^', StringComparison.Ordinal), found.Location.SourceSpan.Start);
        Assert.Equal($"\"{format}\"", found.Location.SourceTree!.GetText().ToString(found.Location.SourceSpan));
        Assert.Equal($"Format '{format}' of 'Row.At' {message}", found.GetMessage(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("DateTime", "MMM d HH:mm")]
    [InlineData("DateTimeOffset", "HH:mm")]
    [InlineData("DateOnly", "dd/MM")]
    public void A_format_without_a_year_is_a_warning(string type, string format)
    {
        var found = Assert.Single(TestCompiler.Build($"public record Row([property: Column(Format = \"{format}\")] {type} At, int B); [Pipeline] public sealed partial class Shop {{ [FileSource(\"a.csv\")] [FileSink(\"b.csv\")] public partial Stream<Row> Rows {{ get; }} }}").Penstock);
        Assert.Equal(("PEN532", $"\"{format}\""), (found.Id, found.Location.SourceTree!.GetText().ToString(found.Location.SourceSpan)));
        Assert.StartsWith($"Format '{format}' of 'Row.At' has no year, so that a row gets that of the day on which it is read:", found.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sink_may_write_what_cannot_be_read()
    {
        const string rows = "public record Row([Column(Format = \"HH HH:mm tt t\")] DateTime At); ";
        const string source = "public sealed class Here : Penstock.Sources.ISource<Row> { public IReadOnlyList<Penstock.Sources.SourceSplit> Discover() => []; public Penstock.Sources.ISplitReader<Row> Open(Penstock.Sources.SourceSplit split, ReadOnlySpan<byte> position, Penstock.Sources.IBadRowHandler badRows) => throw new NotSupportedException(); }";
        TestCompiler.Build(rows + source + " [Pipeline] public sealed partial class Shop { [Source<Here>] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }").AssertClean();
    }

    // What the columns of the runtime write and read, with each value. A year that is not the one that was written, and not the first, is that of the clock.
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
