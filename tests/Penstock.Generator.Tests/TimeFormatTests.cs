using System.Globalization;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Plan;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>Formats of columns are tried when a pipeline is built, by the rules of .NET that hold at run time.</summary>
public sealed class TimeFormatTests
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "dd/MM/yyyy", "dd/MM/yyyy|yyyy-MM-dd", "HH:mm", "HH:mm:ss", "hh:mm tt", "hh\\:mm", @"hh\:mm", @"d\.hh\:mm\:ss\.fffffff", "hh:mm", "c", "g", "G", "o", "O", "r", "R", "s", "u", "U", "d", "D",
        "t", "T", "m", "y", "x", "k", "%", "%%", "%d", "%H", "%m", "not a format %%%", "'day' dd", "'open", "\"q\" yyyy", "yyyy-MM-dd HH:mm:ss.fffffff", "yyyy-MM-dd HH:mm:ss.ffffffff", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ssK",
        "ddd, dd MMM yyyy", "dddd", "ddd", "MMMM", "gg yyyy", "hh", "HHmmss", "yyyyMMdd", "yyyyMMddHHmmss", "dd.MM.yy", "'h'", "\\", "yyyy\\-MM", "FFF", "mm:ss", "ss", "%z", "zz", "tt", "'T'HH", "yyyy'T'MM", "'T'",
    ];

    public static TheoryData<string> All => [.. Formats];

    [Theory]
    [MemberData(nameof(All))]
    public void A_format_is_refused_as_at_run_time(string format)
    {
        DateTime[] times = [.. Enumerable.Range(0, 800).Select(static i => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i * 13).AddTicks(i)), new(1, 1, 1, 13, 0, 0, DateTimeKind.Utc), new(1, 1, 1, 0, 0, 0, DateTimeKind.Utc)];
        Assert.Equal(Expected(times, format), TimeFormats.Try(ColumnKind.DateTime, format));
        Assert.Equal(Expected(times.Where(static time => time.Year > 1).Select(static time => new DateTimeOffset(time)), format), TimeFormats.Try(ColumnKind.DateTimeOffset, format));
        Assert.Equal(Expected(times.Select(DateOnly.FromDateTime), format), TimeFormats.Try(ColumnKind.DateOnly, format));
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

    [Fact]
    public void A_sink_may_write_what_cannot_be_read()
    {
        const string rows = "public record Row([Column(Format = \"HH HH:mm tt t\")] DateTime At); ";
        const string source = "public sealed class Here : Penstock.Sources.ISource<Row> { public IReadOnlyList<Penstock.Sources.SourceSplit> Discover() => []; public Penstock.Sources.ISplitReader<Row> Open(Penstock.Sources.SourceSplit split, ReadOnlySpan<byte> position, Penstock.Sources.IBadRowHandler badRows) => throw new NotSupportedException(); }";
        TestCompiler.Build(rows + source + " [Pipeline] public sealed partial class Shop { [Source<Here>] [FileSink(\"b.csv\")] public partial Stream<Row> Rows { get; } }").AssertClean();
    }

    private static FormatFault Expected<T>(IEnumerable<T> values, string format)
        where T : struct
    {
        try
        {
            return values.Any(value => IsRead(value, ((IFormattable)value).ToString(format, CultureInfo.InvariantCulture), format)) ? FormatFault.None : FormatFault.Read;
        }
        catch (FormatException)
        {
            return FormatFault.Write;
        }
    }

    // As TextValues reads columns.
    private static bool IsRead<T>(T value, string text, string format) => value switch
    {
        DateTime => DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault, out _),
        DateTimeOffset => DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        DateOnly => DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        TimeOnly => TimeOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => TimeSpan.TryParseExact(text, format, CultureInfo.InvariantCulture, out _),
    };
}
