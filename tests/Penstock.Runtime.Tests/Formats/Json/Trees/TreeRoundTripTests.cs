using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Penstock.Runtime.Tests.Formats.Csv;

namespace Penstock.Runtime.Tests.Formats.Json.Trees;

/// <summary>Trees as text, compared with System.Text.Json: Penstock reads what it writes, and it reads what Penstock writes.</summary>
public sealed partial class TreeRoundTripTests
{
    private const int Count = 10_000;

    private static readonly JsonSerializerOptions Strict = Options(JavaScriptEncoder.Default);
    private static readonly JsonSerializerOptions Relaxed = Options(JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    [Fact]
    public void Rows_are_those_that_System_Text_Json_has_written()
    {
        var random = new Random(1);
        var trees = Trees(1)
            .Select(tree => (Tree: tree, Line: Restyled(random, JsonSerializer.Serialize(tree, random.Next(2) == 0 ? Strict : Relaxed))))
            .ToList();
        var read = TreeText.Read<TreePipeline, Tree>(
            "JsonReader",
            string.Concat(trees.Select(static tree => tree.Line + "\n")),
            splitSize: 1_000_000,
            batchSize: 100,
            bufferSize: 65536);
        Same(trees.Select(static tree => tree.Tree), read);
    }

    [Fact]
    public void Rows_that_the_writer_writes_are_read_by_System_Text_Json_and_by_the_reader()
    {
        var trees = Trees(2).ToList();
        var text = TreeText.Write<TreePipeline, Tree>("TreeJsonWriter", trees);
        Same(trees, text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonSerializer.Deserialize<Tree>(line, Relaxed)!));
        Same(trees, TreeText.Read<TreePipeline, Tree>("JsonReader", text));
    }

    [Fact]
    public void Fields_of_CSV_are_JSON_that_both_read()
    {
        var trees = Trees(3).ToList();
        var text = TreeText.Write<TreePipeline, Tree>("TreeCsvWriter", trees);
        Same(trees, TreeText.Read<TreePipeline, Tree>(
            "CsvReader",
            "id,values,maybe,points,names,matrix,places,boxes,node,any,where,tags,extra\n" + text));
        var values = CsvOracle.Parse(text).Select(static fields => JsonSerializer.Deserialize<Values>(fields[1]!, Relaxed)!);
        Assert.Equal(
            trees.Select(static tree => JsonSerializer.Serialize(tree.Values, Relaxed)),
            values.Select(static value => JsonSerializer.Serialize(value, Relaxed)));
    }

    [Fact]
    public void Values_of_messages_are_read_whatever_their_white_space()
    {
        var random = new Random(4);
        foreach (var tree in Trees(4).Take(Count / 10))
        {
            var text = random.Next(2) == 0 ? TreeText.Write<TreePipeline, Tree>("TreeJsonWriter", tree) : JsonSerializer.Serialize(
                tree,
                new JsonSerializerOptions(Relaxed) { WriteIndented = true, NewLine = random.Next(2) == 0 ? "\n" : "\r\n" });
            Same([tree], [TreeText.ReadMessage<TreePipeline, Tree>("JsonReader", text, out var error)!]);
            Assert.Equal("", error);
        }
    }

    [Fact]
    public void An_object_that_contains_itself_is_not_written_without_end()
    {
        var children = new List<Node>();
        var node = new Node("a", null, children);
        children.Add(node);
        Assert.Contains(
            "perhaps an object contains itself",
            Assert.Throws<InvalidOperationException>(() => TreeText.Write<NodePipeline, NodeRow>(
                "NodeRowJsonWriter",
                new NodeRow(node))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_never_nested_too_deep_to_be_read()
    {
        Node? node = null;
        for (var depth = 1; depth <= 61; depth++)
        {
            node = new Node("a", node, []);
        }

        var text = TreeText.Write<NodePipeline, NodeRow>("NodeRowJsonWriter", new NodeRow(node));
        Assert.Equal(
            text,
            TreeText.Write<NodePipeline, NodeRow>("NodeRowJsonWriter", TreeText.Read<NodePipeline, NodeRow>("NodesReader", text)));
        Assert.Throws<InvalidOperationException>(() => TreeText.Write<NodePipeline, NodeRow>(
            "NodeRowJsonWriter",
            new NodeRow(new Node("a", new Node("b", node, []), []))));
    }

    [Fact]
    public void What_is_null_and_must_not_be_is_not_written()
    {
        var tree = Trees(5).First() with { Tags = null };
        Assert.Equal(
            "Tree.Names is null, but is not declared as nullable, so that it could not be read back. Declare it with a '?', or give it a value.",
            Refused(tree with { Names = null! }));
        Assert.StartsWith("Tree.Boxes is null, ", Refused(tree with { Boxes = null! }), StringComparison.Ordinal);
        Assert.StartsWith("An item of a list of lists is null, ", Refused(tree with { Matrix = [[1], null!] }), StringComparison.Ordinal);
        Assert.StartsWith(
            "Node.Children is null, ",
            Refused(tree with { Node = new Node("a", new Node("b", null, null!), []) }),
            StringComparison.Ordinal);

        static string Refused(Tree tree)
        {
            var error = Assert.Throws<InvalidOperationException>(() => TreeText.Write<TreePipeline, Tree>("TreeJsonWriter", tree)).Message;
            Assert.Equal(
                error,
                Assert.Throws<InvalidOperationException>(() => TreeText.Write<TreePipeline, Tree>("TreeCsvWriter", tree)).Message);
            return error;
        }
    }

    private static IEnumerable<Tree> Trees(int seed)
    {
        var random = new RandomTrees(seed);
        return Enumerable.Range(0, Count).Select(random.Next);
    }

    private static void Same(IEnumerable<Tree> expected, IEnumerable<Tree> actual) =>
        Assert.Equal(
            expected.Select(static tree => JsonSerializer.Serialize(tree, Strict)),
            actual.Select(static tree => JsonSerializer.Serialize(tree, Strict)));

    // The same object in another order, with unknown members and white space; or unchanged.
    private static string Restyled(Random random, string line)
    {
        if (random.Next(3) == 0)
        {
            return line;
        }

        var text = Shuffled(random, JsonNode.Parse(line)!.AsObject()).ToJsonString(random.Next(2) == 0 ? Strict : Relaxed);
        return random.Next(2) == 0 ? text : "  " + EndOfName().Replace(text, "\" : ") + "\t\r";
    }

    private static JsonObject Shuffled(Random random, JsonObject value)
    {
        var members = value.Select(static member => (member.Key, Value: member.Value?.DeepClone())).ToArray();
        random.Shuffle(members);
        var shuffled = new JsonObject();
        foreach (var (key, member) in members)
        {
            if (random.Next(4) == 0)
            {
                shuffled[$"unknown {shuffled.Count}"] = JsonNode.Parse("""{"id":[{"x":null},"\"",-1e5,true,{}],"values":"😀"}""");
            }

            shuffled[random.Next(8) == 0 ? key.ToUpperInvariant() : key] = key is "values" or "maybe" && member is JsonObject inner
                ? Shuffled(random, inner)
                : member;
        }

        return shuffled;
    }

    [GeneratedRegex("""(?<=[A-Za-z])":""")]
    private static partial Regex EndOfName();

    private static JsonSerializerOptions Options(JavaScriptEncoder encoder) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = encoder,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };
}
