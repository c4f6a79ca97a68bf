using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Runtime.Tests.Sources.Files;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Objects whose type is in one of their members, as in System.Text.Json.</summary>
public sealed class KindTests
{
    private static readonly JsonSerializerOptions CamelCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowOutOfOrderMetadataProperties = true
    };

    [Fact]
    public void Each_side_reads_what_the_other_writes()
    {
        var random = new Random(1);
        var drawings = Enumerable.Range(0, 2000)
            .Select(id => new Drawing(
                id,
                Shape(random, 3),
                random.Next(3) switch { 0 => null, 1 => new Loud("a", 3), _ => new Note("b") },
                random.Next(4) switch { 0 => null, 1 => new Animal(4), 2 => new Dog(4, "x"), _ => new Poodle(4, "y", true) }))
            .ToList();

        var theirs = drawings.Select(drawing => JsonSerializer.Serialize(drawing, CamelCase)).ToList();
        var ours = TreeText
            .Write<DrawingPipeline, Drawing>("DrawingJsonWriter", drawings)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(theirs.Select(Canonical), ours.Select(Canonical));

        var expected = theirs
            .Select(static line => JsonSerializer.Serialize(JsonSerializer.Deserialize<Drawing>(line, CamelCase), CamelCase))
            .ToList();
        Assert.Equal(expected, Read(theirs));
        Assert.Equal(
            expected.Select(Canonical),
            Read(theirs.Select(line => Shuffled(random, JsonNode.Parse(line)!)!.ToJsonString())).Select(Canonical));
        var csv = "id,shape,note,animal\n" + TreeText.Write<DrawingPipeline, Drawing>("DrawingCsvWriter", drawings);
        Assert.Equal(expected, TreeText
            .Read<DrawingPipeline, Drawing>("CsvReader", csv)
            .Select(static drawing => JsonSerializer.Serialize(drawing, CamelCase)));
    }

    [Theory]
    [InlineData("$.shape.kind", "'oval' is not one of \"circle\", \"a \\\"square\\\"\", 7", """{"kind":"oval","name":"a"}""")]
    [InlineData("$.shape.kind", "'8' is not one of \"circle\", \"a \\\"square\\\"\", 7", """{"name":"a","kind":8}""")]
    [InlineData(
        "$.shape.kind",
        "the value is null, but one of \"circle\", \"a \\\"square\\\"\", 7 was expected",
        """{"kind":null,"name":"a"}""")]
    [InlineData(
        "$.shape.kind",
        "the property is missing, but one of \"circle\", \"a \\\"square\\\"\", 7 was expected",
        """{"name":"a","radius":1}""")]
    [InlineData("$.shape", "'5' is not an object", "5")]
    [InlineData(
        "$.shape.kind",
        "the property that tells the type stands here twice",
        """{"kind":"circle","kind":"circle","name":"a","radius":1}""")]
    [InlineData(
        "$.shape.kind",
        "the property that tells the type stands here twice",
        """{"kind":"circle","name":"a","radius":1,"kind":7}""")]
    [InlineData(
        "$.shape.kind",
        "the property that tells the type stands here twice",
        """{"name":"a","ki\u006ed":"circle","radius":1,"kind":"circle"}""")]
    [InlineData("$.shape.name", "the property is missing", """{"kind":"circle","radius":1}""")]
    [InlineData(
        "$.shape.radius",
        "'x' is not a number such as 12.5, from -1.7976931348623157E+308 to 1.7976931348623157E+308",
        """{"radius":"x","name":"a","kind":"circle"}""")]
    [InlineData(
        "$.shape.shapes[1].radius",
        "the property is missing",
        """{"kind":7,"name":"a","byName":{},"shapes":[{"kind":"circle","name":"a","radius":1},{"name":"a","kind":"circle"}]}""")]
    [InlineData(
        "$.shape.byName['x.y'].kind",
        "'7' is not one of \"circle\", \"a \\\"square\\\"\", 7",
        """{"kind":7,"name":"a","shapes":[],"byName":{"x.y":{"kind":"7"}}}""")]
    public void What_is_of_no_known_type_is_a_bad_row(string path, string error, string shape)
    {
        var bad = new SourceReading.KeepBadRows();
        Assert.Equal(
            2,
            Assert.Single(TreeText.Read<DrawingPipeline, Drawing>(
                "DrawingsReader",
                $"{{\"id\":1,\"shape\":{shape}}}\n{{\"id\":2,\"shape\":{{\"name\":\"a\",\"radius\":1,\"kind\":\"circle\"}}}}\n",
                bad)).Id);
        Assert.Equal((path, error), (Assert.Single(bad.Rows).Column, bad.Rows[0].Error));
    }

    [Fact]
    public void Where_the_attributes_say_so_an_unknown_type_is_the_base()
    {
        var line = """{"id":1,"shape":{"kind":"circle","name":"a","radius":1},"note":{"text":"b","$type":"unheard","volume":"x"}}""" + "\n";
        Assert.Equal(new Note("b"), Assert.Single(TreeText.Read<DrawingPipeline, Drawing>("DrawingsReader", line)).Note);
        Assert.Equal(new Note("b"), JsonSerializer.Deserialize<Drawing>(line, CamelCase)!.Note);
    }

    [Fact]
    public void An_object_that_is_null_and_must_not_be_is_not_written()
    {
        Assert.StartsWith("Drawing.Shape is null, ", Refused(null!), StringComparison.Ordinal);
        Assert.StartsWith("An item of a list of Shape is null, ", Refused(new Group("a", [null!], [])), StringComparison.Ordinal);
        Assert.StartsWith("Group.ByName is null, ", Refused(new Group("a", [], null!)), StringComparison.Ordinal);

        static string Refused(Shape shape) =>
            Assert.Throws<InvalidOperationException>(() => TreeText.Write<DrawingPipeline, Drawing>(
                "DrawingJsonWriter",
                new Drawing(1, shape))).Message;
    }

    [Fact]
    public void An_object_that_no_attribute_names_is_written_as_they_say()
    {
        var circle = new Circle("a", 1);
        Assert.Contains(
            "no [JsonDerivedType] of Penstock.Runtime.Tests.Formats.Json.Trees.Shape names it",
            Assert.Throws<InvalidOperationException>(() => TreeText.Write<DrawingPipeline, Drawing>(
                "DrawingJsonWriter",
                new Drawing(1, new Triangle("b")))).Message,
            StringComparison.Ordinal);
        foreach (var drawing in new[] { new Drawing(1, circle, new Quiet("b", 2)), new Drawing(2, circle, null, new Poodle(4, "c", true)) })
        {
            Assert.Equal(
                Canonical(JsonSerializer.Serialize(drawing, CamelCase)),
                Canonical(TreeText.Write<DrawingPipeline, Drawing>("DrawingJsonWriter", drawing)));
        }
    }

    [Theory]
    [InlineData("""{"id":1,"shape":{"kind":"circle","kind":"circle","name":"a","radius":1}}""")]
    [InlineData("""{"id":1,"shape":{"kind":"circle","name":"a","radius":1,"kind":"circle"}}""")]
    public void A_second_discriminator_is_refused_as_by_System_Text_Json(string line)
    {
        var bad = new SourceReading.KeepBadRows();
        Assert.Empty(TreeText.Read<DrawingPipeline, Drawing>("DrawingsReader", line + "\n", bad));
        Assert.Single(bad.Rows);
        Assert.Contains(
            "duplicate 'kind'",
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Drawing>(line, CamelCase)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_derived_object_is_not_cut_where_no_attribute_names_any()
    {
        var note = new Remark(1, new Topic("a"));
        Assert.Equal("""{"id":1,"topic":{"name":"a"}}""" + "\n", TreeText.Write<RemarkPipeline, Remark>("RemarkJsonWriter", note));
        var error = Assert.Throws<InvalidOperationException>(() => TreeText.Write<RemarkPipeline, Remark>(
            "RemarkJsonWriter",
            note with { Topic = new Subtopic("a", 1) }));
        Assert.Contains(
            "Subtopic cannot be written: no [JsonDerivedType] of Penstock.Runtime.Tests.Formats.Json.Trees.Topic names it",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RemarkJsonWriter")]
    [InlineData("RemarkCsvWriter")]
    public void A_row_that_is_null_or_derived_is_not_written(string writer)
    {
        var derived =
            Assert.Throws<InvalidOperationException>(() => TreeText.Write<RemarkPipeline, Remark>(writer, new Aside(1, new Topic("a"), 2)));
        Assert.StartsWith(
            "A row is a Penstock.Runtime.Tests.Formats.Json.Trees.Aside, but its stream is of Penstock.Runtime.Tests.Formats.Json.Trees.Remark: ",
            derived.Message,
            StringComparison.Ordinal);
        var none = Assert.Throws<InvalidOperationException>(() => TreeText.Write<RemarkPipeline, Remark>(writer, [null!]));
        Assert.StartsWith(
            "A row of type Penstock.Runtime.Tests.Formats.Json.Trees.Remark is null, ",
            none.Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Read(IEnumerable<string> lines) =>
        TreeText
            .Read<DrawingPipeline, Drawing>("DrawingsReader", string.Concat(lines.Select(static line => line + "\n")))
            .Select(static drawing => JsonSerializer.Serialize(drawing, CamelCase));

    private static Shape Shape(Random random, int depth) => random.Next(depth == 0 ? 2 : 3) switch
    {
        0 => new Circle("a", random.Next(100) / 8.0),
        1 => new Square("b", random.Next(), random.Next(2) == 0 ? null : new Point(1, 2)),
        _ => new Group(
            "c",
            [.. Enumerable.Range(0, random.Next(3)).Select(_ => Shape(random, depth - 1))],
            new Dictionary<string, Shape?> { ["x"] = null, ["y"] = Shape(random, depth - 1) }),
    };

    // Members of a base type come first here and last there.
    private static string Canonical(string line) => Sorted(JsonNode.Parse(line))!.ToJsonString();

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject value =>
            new JsonObject(value
                .OrderBy(static member => member.Key, StringComparer.Ordinal)
                .Select(static member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    // The members of every object in another order, so that the member with the type may be anywhere.
    private static JsonNode? Shuffled(Random random, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject value:
                var members = value.Select(static member => (member.Key, Value: member.Value?.DeepClone())).ToArray();
                random.Shuffle(members);
                return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Shuffled(random, member.Value))));
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Shuffled(random, item?.DeepClone()))]);
            default:
                return node?.DeepClone();
        }
    }
}
