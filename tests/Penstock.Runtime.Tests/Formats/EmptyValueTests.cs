using System.Text;
using CsCheck;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats.Csv;
using Penstock.Runtime.Tests.Formats.Messages;
using Penstock.Tests;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats;

/// <summary>The meaning of null, the empty string, a blank line and a missing column: the table in docs/connectors/files.md.</summary>
public sealed class EmptyValueTests
{
    private const string Row = "row";
    private const string None = "no row";
    private const string Bad = "bad row";

    private delegate void WriteOne<in T>(Utf8Buffer output, T value);

    private delegate void WriteNull(ref CsvRowWriter csv);

    [Fact]
    public void Every_type_of_one_column_is_read_back_with_its_nulls()
    {
        Check(true);
        Check('"');
        Check((sbyte)-1);
        Check((byte)1);
        Check((short)-1);
        Check((ushort)1);
        Check(-1);
        Check(1u);
        Check(-1L);
        Check(1UL);
        Check(1.5f);
        Check(double.NaN);
        Check(1.50m);
        Check(new DateTime(2001, 3, 2, 14, 5, 0, DateTimeKind.Utc));
        Check(new DateTimeOffset(2001, 3, 2, 14, 5, 0, TimeSpan.FromHours(1)));
        Check(new DateOnly(2001, 3, 2));
        Check(new TimeOnly(14, 5));
        Check(TimeSpan.FromDays(1.5));
        Check(Guid.AllBitsSet);
        Check(Color.Blue);
    }

    [Fact]
    public void Texts_of_one_column_are_read_back_with_their_nulls()
    {
        var text = Gen.OneOf(CsvOracle.Text, Gen.OneOf("", " ", "\"\"", "\n"));
        RoundTrip<string, OneTextReader>(
            text,
            (output, value) => { var csv = new CsvRowWriter(output); csv.WriteText(value); csv.EndRow(); },
            (output, value) => { var json = new JsonRowWriter(output); json.Name("{\"value\":"u8); json.WriteText(value); json.EndRow(); });
        RoundTrip<string?, OneNullableTextReader>(
            Gen.Select(text, Gen.Int[0, 2], (value, isNull) => isNull == 0 ? null : value),
            (output, value) => { var csv = new CsvRowWriter(output); csv.WriteNullableText(value); csv.EndRow(); },
            (output, value) =>
            {
                var json = new JsonRowWriter(output);
                json.Name("{\"value\":"u8);
                json.WriteNullableText(value);
                json.EndRow();
            });
    }

    // A reader of other software distinguishes an empty line from quotes without text.
    [Fact]
    public void Null_is_an_empty_field_in_every_form_of_a_column()
    {
        AssertEmpty(static (ref csv) => csv.WriteNullable<int>(null));
        AssertEmpty(static (ref csv) => csv.WriteNullable<DateTime>(null, "yyyy"));
        AssertEmpty(static (ref csv) => csv.WriteNullable<DateTimeOffset>(null, TimeUnit.Milliseconds));
        AssertEmpty(static (ref csv) => csv.WriteNullableIso<DateTime>(null, "yyyy-MM-dd"));
        AssertEmpty(static (ref csv) => csv.WriteNullableText(null));
        AssertEmpty(static (ref csv) => csv.WriteNullableBytes(null));
        AssertEmpty(static (ref csv) =>
        {
            csv.Tree().WriteNullableElement(null);
            csv.EndTree();
        });

        static void AssertEmpty(WriteNull write)
        {
            using var output = new Utf8Buffer(64);
            var csv = new CsvRowWriter(output);
            write(ref csv);
            csv.EndRow();
            Assert.Equal("\n", Encoding.UTF8.GetString(output.Written));
        }
    }

    // The field in a file with one column: a blank line, or quotes without text.
    [Theory]
    [InlineData("", Row, null, None, null, Row, null, None)]
    [InlineData("\"\"", Row, "", Row, "", Row, null, Bad)]
    [InlineData(" ", Row, " ", Row, " ", Bad, null, Bad)]
    public void An_only_field_of_csv(
        string field,
        string maybeText,
        string? maybeTextValue,
        string text,
        string? textValue,
        string maybeNumber,
        int? maybeNumberValue,
        string number)
    {
        foreach (var lineEnd in new[] { "\n", "\r\n" })
        {
            foreach (var (splitSize, bufferSize) in new[] { (long.MaxValue, 65536), (1, 1), (3, 64) })
            {
                // Other columns, or quoted ones, take other paths through the code.
                foreach (var header in new[] { "value", "\"value\"" })
                {
                    var file = $"{header}{lineEnd}1{lineEnd}{field}{lineEnd}2{lineEnd}";
                    Assert.Equal(Outcome<string?>(maybeText, maybeTextValue), Second(ReadFile<string?, OneNullableTextReader>));
                    Assert.Equal(Outcome<string>(text, textValue!), Second(ReadFile<string, OneTextReader>));
                    Assert.Equal(Outcome<int?>(maybeNumber, maybeNumberValue), Second(ReadFile<int?, OneNullableReader<int>>));
                    Assert.Equal(Outcome<int>(number, 0), Second(ReadFile<int, OneValueReader<int>>));
                    Assert.Equal(3, ReadCsv<One<bool>, OneSkippingReader>(file, splitSize, 2, bufferSize).Count);

                    (string, T?) Second<T>(Func<string, IBadRowHandler, List<One<T>>> read)
                    {
                        var bad = new KeepBadRows();
                        var rows = read(file, bad);
                        return bad.Rows.Count > 0 ? (Bad, default) : rows.Count == 2 ? (None, default) : (Row, rows[1].Value);
                    }

                    List<One<T>> ReadFile<T, TReader>(string content, IBadRowHandler bad)
                        where TReader : struct, ICsvRowReader<One<T>> => ReadCsv<One<T>, TReader>(content, splitSize, 2, bufferSize, bad);
                }
            }
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n\r\n")]
    public void A_blank_line_among_several_columns_is_no_row(string blank)
    {
        Assert.Equal(
            [new Texts("", null, ""), new Texts("1", null, "")],
            ReadCsv<Texts, Codecs.TextsCsvReader>($"a,b,c\n,,\n{blank}1,,\n{blank}"));
        Assert.Equal([new Texts("", "", "")], ReadCsv<Texts, Codecs.TextsCsvReader>($"a,b,c\n{blank}\"\",\"\",\"\"\n"));
    }

    [Theory]
    [InlineData("{\"value\":null}", Row, null, Bad, null, Row, null, Bad)]
    [InlineData("{\"value\":\"\"}", Row, "", Row, "", Row, null, Bad)]
    [InlineData("{}", Row, null, Bad, null, Row, null, Bad)]
    [InlineData("", None, null, None, null, None, null, None)]
    [InlineData(" ", None, null, None, null, None, null, None)]
    public void A_line_of_json(
        string line,
        string maybeText,
        string? maybeTextValue,
        string text,
        string? textValue,
        string maybeNumber,
        int? maybeNumberValue,
        string number)
    {
        Assert.Equal(Outcome<string?>(maybeText, maybeTextValue), One<string?, OneNullableTextReader>());
        Assert.Equal(Outcome<string>(text, textValue!), One<string, OneTextReader>());
        Assert.Equal(Outcome<int?>(maybeNumber, maybeNumberValue), One<int?, OneNullableReader<int>>());
        Assert.Equal(Outcome<int>(number, 0), One<int, OneValueReader<int>>());

        (string, T?) One<T, TReader>()
            where TReader : struct, IJsonRowReader<One<T>>
        {
            var bad = new KeepBadRows();
            var rows = ReadJson<One<T>, TReader>(line + "\n", badRows: bad);
            return bad.Rows.Count > 0 ? (Bad, default) : rows.Count == 0 ? (None, default) : (Row, rows[0].Value);
        }
    }

    private static (string, T?) Outcome<T>(string outcome, T value) => (outcome, outcome == Row ? value : default);

    private static void Check<T>(T value)
        where T : struct
    {
        RoundTrip<T, OneValueReader<T>>(
            Gen.Int[0, 1].Select(choice => choice == 0 ? value : default),
            (output, one) => { var csv = new CsvRowWriter(output); csv.Write(one); csv.EndRow(); },
            (output, one) => { var json = new JsonRowWriter(output); json.Name("{\"value\":"u8); json.Write(one); json.EndRow(); });
        RoundTrip<T?, OneNullableReader<T>>(
            Gen.Int[0, 2].Select(choice => choice == 0 ? value : choice == 1 ? null : (T?)default(T)),
            (output, one) => { var csv = new CsvRowWriter(output); csv.WriteNullable(one); csv.EndRow(); },
            (output, one) => { var json = new JsonRowWriter(output); json.Name("{\"value\":"u8); json.WriteNullable(one); json.EndRow(); });
    }

    // Written as rows of a file, and as messages, which have no header.
    private static void RoundTrip<T, TReader>(Gen<T> value, WriteOne<T> writeCsv, WriteOne<T> writeJson)
        where TReader : struct, ICsvRowReader<One<T>>, IJsonRowReader<One<T>> =>
        Gen.Select(value.Array[0, 6], Gen.Int[1, 40], Gen.OneOf(1, 64, 65536)).Sample(
            (values, splitSize, bufferSize) =>
            {
                using var csv = new Utf8Buffer(64);
                using var json = new Utf8Buffer(64);
                csv.Append("value\n"u8);
                foreach (var one in values)
                {
                    writeCsv(csv, one);
                    writeJson(json, one);
                }

                var expected = values.Select(one => new One<T>(one)).ToList();
                Assert.Equal(expected, ReadCsv<One<T>, TReader>(Encoding.UTF8.GetString(csv.Written), splitSize, 3, bufferSize));
                Assert.Equal(expected, ReadJson<One<T>, TReader>(Encoding.UTF8.GetString(json.Written), splitSize, 3, bufferSize));
                foreach (var one in values)
                {
                    Assert.Equal(new One<T>(one), MessageReading.ReadCsv<One<T>, TReader>(Text(writeCsv, one), out _));
                    Assert.Equal(new One<T>(one), MessageReading.ReadJson<One<T>, TReader>(Text(writeJson, one), out _));
                }
            },
            iter: Thoroughness.Times(100, brief: 30));

    private static string Text<T>(WriteOne<T> write, T value)
    {
        using var output = new Utf8Buffer(64);
        write(output, value);
        return Encoding.UTF8.GetString(output.Written[..^1]);
    }
}
