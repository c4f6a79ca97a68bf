using System.Text;
using System.Text.Json;
using Penstock.Formats;
using Penstock.Runtime.Tests.Formats.Csv;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

public sealed record Body(int Id, JsonElement Any);

[Pipeline]
public sealed partial class BodyPipeline
{
    [FileSource("bodies.jsonl")]
    [FileSink("out/bodies.jsonl")]
    public partial Stream<Body> Json { get; }

    [FileSource("bodies.csv")]
    [FileSink("out/bodies.csv")]
    public partial Stream<Body> Csv { get; }
}

/// <summary>
/// A program may parse text that no reader of files accepts: <see cref="JsonDocument"/> does not check strings, and may accept comments and
/// trailing commas. Such an element is written as JSON that every reader accepts.
/// </summary>
public sealed class LenientElementTests
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 1000,
    };

    [Theory]

    // Valid JSON is copied as it is, apart from line breaks.
    [InlineData("""{"a":1, "b":[true,null,-1.50e+3,""],"b":{}}""", null)]
    [InlineData("""{"a":"\u00e4\ud83d\ude00\\ud83d\"\/"}""", null)]
    [InlineData("""["//","/*","*/",",]",",}"," , ]"]""", null)]
    [InlineData("\"\"", null)]
    [InlineData("12", null)]
    [InlineData("{\n  \"a\": [\r\n\t1, \"\\n\\u00e4\" ]\n}", """{"a":[1,"\n\u00e4"]}""")]
    [InlineData(" [ ] ", "[ ]")]

    // Comments and trailing commas.
    [InlineData("""{"a":1,/*x*/"b":[2,],}""", """{"a":1,"b":[2]}""")]
    [InlineData("""[1,2,]""", """[1,2]""")]
    [InlineData("""[[1 , ] , {"a":2 , } , ]""", """[[1],{"a":2}]""")]
    [InlineData("""[/*\u12*/1,"/*\ud83d\ude00*/"]""", """[1,"/*\ud83d\ude00*/"]""")]
    [InlineData("[1, // one\n2]", "[1,2]")]
    [InlineData("""[{},[],/**/{"a":{}},/**/[[]],]""", """[{},[],{"a":{}},[[]]]""")]

    // Half of a surrogate pair.
    [InlineData("""{"text":"cut \ud83d"}""", """{"text":"cut �"}""")]
    [InlineData("""{"\ude00\ud83d":["\ud83d\\ude00","\uD83d\ud83D\uDe00\n"]}""", """{"��":["�\\ude00","�\ud83D\uDe00\n"]}""")]
    [InlineData("""["\\\ud83d","\ud83d\u0041","\u0041\udfff"]""", """["\\�","�\u0041","\u0041�"]""")]
    [InlineData("""{"a":"\ud83d",}""", """{"a":"�"}""")]
    [InlineData("{\"a\":\n\"\\ud83d\"}", """{"a":"�"}""")]
    public void An_element_is_written_as_every_reader_accepts_it(string json, string? expected) =>
        Check(JsonDocument.Parse(json, Lenient).RootElement, expected ?? json);

    [Theory]
    [InlineData("[\"a\u00ffb\"]", "[\"a�b\"]")]
    [InlineData("[\"\u00c3\"]", "[\"�\"]")]
    [InlineData("[\"\u00f0\u009f\u0098\",\"\u00f0\u009f\u0098\u0080\"]", "[\"�\",\"😀\"]")]
    [InlineData("{\"\u0080\\n\u00c3\u00a4\\ud83d\":1}", "{\"�\\nä�\":1}")]
    [InlineData("[\n\"\u00ff\"]", "[\"�\"]")]
    public void Bytes_that_are_no_UTF_8_are_replaced(string latin1, string expected) =>
        Check(JsonDocument.Parse(Encoding.Latin1.GetBytes(latin1), Lenient).RootElement, expected);

    [Fact]
    public void A_part_of_a_document_is_checked_by_itself()
    {
        var root = JsonDocument.Parse("""{"good":{"a":"/"},"bad":{"a":"\ud83d"}}""").RootElement;
        Check(root.GetProperty("good"), """{"a":"/"}""");
        Check(root.GetProperty("bad"), """{"a":"�"}""");
    }

    [Fact]
    public void An_element_with_comments_is_written_up_to_the_depth_that_can_be_read()
    {
        Check(JsonDocument.Parse(Nested(62), Lenient).RootElement, Nested(62).Replace("/**/", "", StringComparison.Ordinal));
        using var output = new Utf8Buffer(16);
        Assert.Equal(
            "A JsonElement is nested deeper than 64 levels: it could not be read back.",
            Assert.Throws<InvalidOperationException>(() =>
                new JsonRowWriter(output).WriteElement(JsonDocument.Parse(Nested(65), Lenient).RootElement)).Message);

        static string Nested(int levels) => new string('[', levels) + "/**/1" + new string(']', levels);
    }

    [Fact]
    public void Valid_elements_are_checked_and_written_without_copies()
    {
        const int Length = 1_000_000;
        var text = "{\"a\":\"\\n/" + new string('x', Length) + "\"}";
        var element = JsonDocument.Parse(text).RootElement;
        using var output = new Utf8Buffer(2 * Length);
        Write();
        Assert.InRange(Allocated(Write), 0, 1000);

        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(JsonTexts.AreValid(bytes));
        Assert.InRange(Allocated(() => JsonTexts.AreValid(bytes)), 0, 1000);

        void Write()
        {
            output.Clear();
            new JsonRowWriter(output).WriteElement(element);
        }
    }

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Check(JsonElement element, string expected)
    {
        using var output = new Utf8Buffer(16);
        new JsonRowWriter(output).WriteElement(element);
        Assert.Equal(expected, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.Written));

        // Strict readers: that of System.Text.Json, which reads all strings, and those of files and messages.
        var same = JsonDocument.Parse(expected).RootElement;
        ReadStrings(same);
        var row = new Body(1, element);
        var json = TreeText.Write<BodyPipeline, Body>("BodyJsonWriter", row);
        Assert.Equal($"{{\"id\":1,\"any\":{expected}}}\n", json);
        AssertSame(same, Assert.Single(TreeText.Read<BodyPipeline, Body>("JsonReader", json)));
        AssertSame(same, TreeText.ReadMessage<BodyPipeline, Body>("JsonReader", json, out _)!);
        var csv = TreeText.Write<BodyPipeline, Body>("BodyCsvWriter", row);
        Assert.Equal(expected, CsvOracle.Parse(csv).Single()[1]);
        AssertSame(same, Assert.Single(TreeText.Read<BodyPipeline, Body>("CsvReader", "id,any\n" + csv)));
    }

    private static void AssertSame(JsonElement expected, Body row) => Assert.Equal(expected.GetRawText(), row.Any.GetRawText());

    private static void ReadStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                Assert.NotNull(element.GetString());
                break;
            case JsonValueKind.Array:
                Assert.All(element.EnumerateArray(), ReadStrings);
                break;
            case JsonValueKind.Object:
                Assert.All(element.EnumerateObject(), static property =>
                {
                    Assert.NotNull(property.Name);
                    ReadStrings(property.Value);
                });
                break;
        }
    }
}
