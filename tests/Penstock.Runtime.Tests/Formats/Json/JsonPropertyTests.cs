using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats.Csv;
using static Penstock.Runtime.Tests.Sources.Files.SourceReading;

namespace Penstock.Runtime.Tests.Formats.Json;

public sealed class JsonPropertyTests
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase
    };
    private static readonly JsonSerializerOptions Strict = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Gen<Texts> Row = Gen.Select(CsvOracle.Text, CsvOracle.TextOrNull, CsvOracle.Text)
        .Select((a, b, c) => new Texts(a, b, c));

    [Fact]
    public void The_rows_are_those_of_System_Text_Json_whatever_their_style_the_splits_and_the_buffer() =>
        Gen.Select(Gen.Select(Row, Gen.Int[0, 6]).Array[0, 10], Gen.Bool, Gen.Bool, Gen.Int[1, 200], Gen.OneOf(1, 300, 65536)).Sample(
            (rows, crlf, mark, splitSize, bufferSize) =>
            {
                var lineEnd = crlf ? "\r\n" : "\n";
                var text = (mark ? "\uFEFF" : "") + string.Join(lineEnd, rows.Select(row => Line(row.Item1, row.Item2)));
                var expected = rows.Select(row => JsonSerializer.Deserialize<Texts>(Line(row.Item1, row.Item2), Strict));
                Assert.Equal(expected, ReadJson<Texts, Codecs.TextsJsonReader>(text, splitSize, 3, bufferSize));
            },
            iter: 800);

    [Fact]
    public void What_the_writer_writes_System_Text_Json_and_the_reader_read_back() =>
        Row.Array[0, 10].Sample(
            rows =>
            {
                using var output = new Utf8Buffer(16);
                foreach (var row in rows)
                {
                    Codecs.TextsJsonWriter.Write(output, in row, RowKind.Insert);
                }

                var text = Encoding.UTF8.GetString(output.Written);
                var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(rows, lines.Select(line => JsonSerializer.Deserialize<Texts>(line, Strict)));
                Assert.Equal(rows, ReadJson<Texts, Codecs.TextsJsonReader>(text));
            },
            iter: 800);

    [Theory]
    [InlineData("{\"a\":\"x\",\"b\":null,\"c\":\"z\"}", "x", null, "z")]
    [InlineData("{\"a\": \"x\", \"b\": \"y\", \"c\": \"z\"}", "x", "y", "z")]
    [InlineData("  { \"c\" : \"z\" , \"A\":\"x\", \"other\": {\"a\":[1,2,{\"a\":\"no\"}]} }  ", "x", null, "z")]
    [InlineData("{\"a\":\"first\",\"c\":\"z\",\"a\":\"last\"}", "last", null, "z")]
    [InlineData("{\"\\u0061\":\"\\u0041\\n\\\"\",\"c\":\"\"}", "A\n\"", null, "")]
    public void Objects_are_read_in_any_form(string line, string a, string? b, string c) =>
        Assert.Equal([new Texts(a, b, c)], ReadJson<Texts, Codecs.TextsJsonReader>(line));

    private static string Line(Texts row, int style) => style switch
    {
        0 => JsonSerializer.Serialize(row, Relaxed),
        1 => JsonSerializer.Serialize(row, Strict),
        2 => new JsonObject { ["c"] = row.C, ["b"] = row.B, ["a"] = row.A }.ToJsonString(Relaxed),
        3 => new JsonObject { ["x"] = new JsonArray(1, "a"), ["a"] = row.A, ["b"] = row.B, ["y"] = 1.5, ["c"] = row.C }.ToJsonString(),
        4 => JsonSerializer.Serialize(row, Relaxed)
            .Replace("\":\"", "\": \"", StringComparison.Ordinal)
            .Replace("\",\"", "\", \"", StringComparison.Ordinal),
        5 => "\t" + JsonSerializer.Serialize(row, Relaxed) + " ",
        _ => JsonSerializer.Serialize(row, Relaxed) + "\n\n  ",
    };
}
