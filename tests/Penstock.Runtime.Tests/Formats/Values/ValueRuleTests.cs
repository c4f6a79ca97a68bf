using System.Text;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats.Messages;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats.Values;

/// <summary>Strings that are almost a value: numbers out of range, unknown names.</summary>
public sealed class ValueRuleTests
{
    private enum Letter
    {
        None,
        A,
        B,
        C,
    }

    [Flags]
    private enum Rights : byte
    {
        None,
        Read,
        Write,
        Run = 4,
    }

    private enum Cased
    {
        ab = 1,
        AB = 2,
    }

    [Theory]
    [InlineData("f64", "1e400")]
    [InlineData("f64", "-1e400")]
    [InlineData("f64", "1.8e308")]
    [InlineData("f32", "1e39")]
    [InlineData("f32", "-3.5e38")]
    [InlineData("money", "79228162514264337593543950336")]
    [InlineData("money", "1e29")]
    [InlineData("i64", "9223372036854775808")]
    [InlineData("u64", "-1")]
    [InlineData("u8", "256")]
    public void A_number_that_does_not_fit_is_a_bad_row_in_every_format(string column, string text)
    {
        var bad = new KeepBadRows();
        Assert.Empty(ReadCsv<Maybe, Codecs.MaybeCsvReader>(OneOf(column, text), badRows: bad));
        Assert.Empty(ReadJson<Maybe, Codecs.MaybeJsonReader>($"{{\"{column}\":{text}}}\n{{\"{column}\":\"{text}\"}}\n", badRows: bad));
        Assert.Equal([column, column, column], bad.Rows.Select(row => row.Column));
        Assert.All(bad.Rows, row => Assert.StartsWith($"'{text}' is not a ", row.Error, StringComparison.Ordinal));
        Assert.Null(MessageReading.ReadJson<Maybe, Codecs.MaybeJsonReader>($"{{\"{column}\":{text}}}", out var error));
        Assert.Equal(bad.Rows[1].Error, error);
    }

    [Fact]
    public void A_number_of_four_hundred_digits_is_a_bad_row()
    {
        var text = new string('9', 400);
        Assert.False(TryRead<double>(text));
        Assert.False(TryRead<double>(text + "."));
        Assert.False(TryRead<float>(text + ".5"));
        Assert.False(TryRead<decimal>(text));
    }

    [Theory]
    [InlineData("1e-400", 0.0)]
    [InlineData("1.7976931348623157E+308", double.MaxValue)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("NaN", double.NaN)]
    [InlineData("-0", -0.0)]
    public void Named_numbers_and_the_smallest_are_values(string text, double expected)
    {
        var row = Assert.Single(ReadCsv<Maybe, Codecs.MaybeCsvReader>(OneOf("f64", text)));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(row.F64!.Value));
        Assert.Equal(expected, Assert.Single(ReadJson<Maybe, Codecs.MaybeJsonReader>($"{{\"f64\":\"{text}\"}}")).F64);

        // The output of a sink for it can be read.
        using var output = new Utf8Buffer(64);
        TextFormats.Write(output, expected);
        Assert.True(TextValues.TryParse(output.Written, out double again));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(again));
    }

    [Theory]
    [InlineData("A", (int)Letter.A)]
    [InlineData("b", (int)Letter.B)]
    [InlineData("3", (int)Letter.C)]
    [InlineData("99", 99)]
    [InlineData("A,B", null)]
    [InlineData("A, B", null)]
    [InlineData("A,", null)]
    [InlineData("A|B", null)]
    [InlineData("D", null)]
    [InlineData("", null)]
    [InlineData(" A", null)]
    [InlineData("1.0", null)]
    [InlineData("99999999999", null)]
    public void An_enum_is_one_name_or_a_number(string text, int? expected)
    {
        Assert.Equal(expected != null, TextValues.TryParse(Encoding.UTF8.GetBytes(text), out Letter letter));
        Assert.Equal(expected ?? 0, (int)letter);
    }

    [Theory]
    [InlineData("Read,Write", 3)]
    [InlineData("read, RUN", 5)]
    [InlineData("7", 7)]
    [InlineData("Read,Other", null)]
    [InlineData("256", null)]
    public void Only_flags_are_read_from_a_list(string text, int? expected)
    {
        Assert.Equal(expected != null, TextValues.TryParse(Encoding.UTF8.GetBytes(text), out Rights rights));
        Assert.Equal(expected ?? 0, (int)rights);
    }

    [Fact]
    public void An_exact_name_of_an_enum_wins_over_one_in_another_case()
    {
        Assert.True(TextValues.TryParse("AB"u8, out Cased upper));
        Assert.True(TextValues.TryParse("ab"u8, out Cased lower));
        Assert.Equal((Cased.AB, Cased.ab), (upper, lower));
    }

    [Fact]
    public void Every_enum_value_that_a_sink_writes_is_read_back()
    {
        for (var value = 0; value < 256; value++)
        {
            using var output = new Utf8Buffer(64);
            TextFormats.Write(output, (Rights)value);
            Assert.True(TextValues.TryParse(output.Written, out Rights again));
            Assert.Equal((Rights)value, again);
        }
    }

    [Fact]
    public void A_null_character_is_no_part_of_a_value()
    {
        Assert.False(TryRead<int>("5\0"));
        Assert.False(TryRead<long>("5\0"));
        Assert.False(TryRead<short>("5\0\0"));
        Assert.False(TryRead<ulong>("5\0"));
        Assert.False(TryRead<double>("5\0"));
        Assert.False(TryRead<float>("5\0"));
        Assert.False(TryRead<decimal>("5\0"));
        Assert.False(TryRead<TimeSpan>("00:00:01\0"));
        Assert.False(TryRead<DateTime>("2001-01-31\0"));
        Assert.False(TryRead<Letter>("A\0"));
        Assert.True(TryRead<char>("\0"));
        Assert.False(TextValues.TryParse("31.01.2001\0"u8, "dd.MM.yyyy", out DateTime _));
        Assert.False(TextValues.TryParse("31.01.2001\0"u8, "dd.MM.yyyy", out DateOnly _));
        Assert.False(TextValues.TryParse("01-02\0"u8, "hh\\-mm", out TimeSpan _));
    }

    [Theory]
    [InlineData("1", "1.00:00:00")]
    [InlineData("00:01", "00:01:00")]
    [InlineData("23:59:59", "23:59:59")]
    [InlineData("-1.02:03:04.5", "-1.02:03:04.5000000")]
    [InlineData("00:00:01.23456789", "00:00:01.2345678")]
    [InlineData("-00:00:01.999999999", "-00:00:01.9999999")]
    [InlineData("24:00:00", null)]
    [InlineData("25:00", null)]
    [InlineData("00:00:60", null)]
    [InlineData("00:00:01.2345678901", null)]
    [InlineData("00:00:01.2345678x", null)]
    [InlineData("1.23456789", null)]
    [InlineData("1.5", null)]
    public void A_duration_is_days_hours_minutes_and_seconds(string text, string? expected)
    {
        var row = ReadCsv<Maybe, Codecs.MaybeCsvReader>(OneOf("span", text), badRows: new KeepBadRows());
        Assert.Equal(expected == null ? [] : [TimeSpan.ParseExact(expected, "c", null)], row.Select(static row => row.Span!.Value));
    }

    private static bool TryRead<T>(string text)
        where T : struct => TextValues.TryParse(Encoding.UTF8.GetBytes(text), out T _);

    private static string OneOf(string column, string text)
    {
        var names = Codecs.MaybeCsvReader.Columns.Select(known => known.Name).ToList();
        return string.Join(',', names) + "\n" + string.Join(',', names.Select(name => name == column ? text : "")) + "\n";
    }
}
