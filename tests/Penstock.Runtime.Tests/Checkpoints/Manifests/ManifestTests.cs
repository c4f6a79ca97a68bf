using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Fuzzing.Targets;
using Penstock.State;

namespace Penstock.Runtime.Tests.Checkpoints.Manifests;

/// <summary>The contents of manifests of each format, and which manifests are refused.</summary>
public sealed class ManifestTests
{
    private const string Old = """
        {
          "job": "j", "pipeline": "P", "id": 2, "takenAt": "2024-01-01T00:00:00+00:00", "penstockVersion": "0.1.0", "terminal": false, PARALLELISM, "keyGroups": 128,
          "files": [
            { "id": 1, "isWhole": true, "length": 30, "subtasks": [
              { "task": "A", "subtask": 1, "offset": 0, "length": 10, "checksums": ["x"], "sections": [{ "id": "S", "schema": "s", "offset": 0, "length": 10 }] },
              { "task": "A", "subtask": 0, "offset": 10, "length": 20, "checksums": ["y"], "sections": [{ "id": "S", "schema": "s", "offset": 0, "length": 5 }, { "id": "T", "schema": "t", "offset": 5, "length": 15 }] }] },
            { "id": 2, "isWhole": false, "length": 3, "subtasks": [
              { "task": "A", "subtask": 0, "offset": 0, "length": 1, "checksums": ["z"], "sections": [{ "id": "S", "schema": "s", "offset": 0, "length": 1 }, { "id": "T", "schema": "t", "offset": 1, "length": 0 }] },
              { "task": "A", "subtask": 1, "offset": 1, "length": 2, "checksums": ["w"], "sections": [{ "id": "S", "schema": "s", "offset": 0, "length": 2 }] }] }],
          "sinks": [], "counters": {}
        }
        """;

    [Theory]
    [InlineData(1, "\"parallelism\": 2")]
    [InlineData(2, "\"subtasks\": { \"A\": 2 }")]
    public void A_manifest_of_an_older_format_is_read_as_one_of_today(int format, string parallelism)
    {
        var manifest = Read(Forge(format, Old.Replace("PARALLELISM", parallelism, StringComparison.Ordinal)))!;
        Assert.Equal(new Dictionary<string, int> { ["A"] = 2 }, manifest.Subtasks);
        Assert.Equal([new StateFile("0000000001.state", 30), new StateFile("0000000002.state", 3)], manifest.Files);
        Assert.Equal(
            [
                "A 0: 0 at 10 + 20 [y] S at 0 + 5, T at 5 + 15; 1 at 0 + 1 [z] S at 0 + 1, T at 1 + 0",
                "A 1: 0 at 0 + 10 [x] S at 0 + 10; 1 at 1 + 2 [w] S at 0 + 2"
            ],
            manifest.State.Select(Describe));
    }

    [Fact]
    public void A_manifest_has_its_format_in_its_first_line_and_is_read_as_it_was_written()
    {
        var bytes = ManifestFile.Serialize(Sample());
        Assert.StartsWith("penstock-checkpoint 3 ", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(bytes, ManifestFile.Serialize(Read(bytes)!));
        Assert.Equal(Sample().State.Select(Describe), Read(bytes)!.State.Select(Describe));
    }

    [Theory]
    [InlineData("$.subtasks", null, "it lacks a part")]
    [InlineData("$.subtasks.A", "0", "task 'A' has 0 subtasks")]
    [InlineData("$.subtasks.A", "1", "has key groups of 'rows' that another subtask has")]
    [InlineData("$.subtasks.A", "3", "has key groups of 'rows' that another subtask has")]
    [InlineData("$.subtasks.B", "1", "it lacks the state of a subtask of task 'B'")]
    [InlineData("$.keyGroups", "0", "it has 0 key groups")]
    [InlineData("$.keyGroups", "64", "has key groups of 'rows' that another subtask has")]
    [InlineData("$.files", null, "it lacks a part")]
    [InlineData("$.files[0]", null, "is in file 1 of 1")]
    [InlineData("$.files[0]", "null", "is no state file")]
    [InlineData("$.files[0].name", "null", "is no state file")]
    [InlineData("$.files[0].name", "\"../secrets.state\"", "'../secrets.state' with 12 bytes is no state file")]
    [InlineData("$.files[0].name", "\"0000000003.manifest\"", "is no state file")]
    [InlineData("$.files[0].name", "\"0000000003.state\"", "it names '0000000003.state' twice")]
    [InlineData("$.files[0].length", "-1", "is no state file")]
    [InlineData("$.files[0].length", "13", "has state of 12 bytes in 13 bytes")]
    [InlineData("$.state", null, "it lacks a part")]
    [InlineData("$.state[0]", null, "state at byte 5, where byte 0 is next|it lacks the state of a subtask of task 'A'")]
    [InlineData("$.state[0]", "null", "has  pieces of state")]
    [InlineData("$.state[0].task", "\"B\"", "state of subtask 0 of task 'B', which is not there|has key groups of 'rows'")]
    [InlineData("$.state[0].subtask", "1", "has key groups of 'rows' that another subtask has")]
    [InlineData("$.state[0].pieces", null, "has  pieces of state")]
    [InlineData("$.state[0].pieces[1]", null, "has 2 pieces of state, and another one 1")]
    [InlineData("$.state[0].pieces[1].file", "2", "is in file 2 of 2")]
    [InlineData("$.state[0].pieces[1].file", "0", "is not in the order of its files")]
    [InlineData("$.state[0].pieces[0].offset", "1", "has state at byte 1, where byte 0 is next")]
    [InlineData("$.state[0].pieces[0].length", "6", "has parts of 5 bytes in 6 bytes")]
    [InlineData("$.state[0].pieces[0].checksums", "[]", "has 0 checksums for 5 bytes")]
    [InlineData("$.state[0].pieces[0].checksums[0]", "null", "has 1 checksums for 5 bytes")]
    [InlineData("$.state[0].pieces[0].sections", null, "lacks a part")]
    [InlineData("$.state[0].pieces[0].sections[0]", null, "has 'rows' at byte 2, where byte 0 is next")]
    [InlineData("$.state[0].pieces[0].sections[1].id", "\"splits\"", "has 'splits' at byte 2, where byte 2 is next, or twice")]
    [InlineData("$.state[0].pieces[0].sections[1].schema", null, "has 'rows' at byte 2")]
    [InlineData("$.state[0].pieces[0].sections[1].offset", "1", "has 'rows' at byte 1, where byte 2 is next")]
    [InlineData("$.state[0].pieces[0].sections[1].length", "2", "has parts of 4 bytes in 5 bytes")]
    [InlineData("$.state[0].pieces[0].sections[1].keyGroups.first", "1", "has key groups of 'rows' that another subtask has")]
    [InlineData("$.state[0].pieces[0].sections[1].keyGroups.count", "63", "has key groups of 'rows' that another subtask has")]
    [InlineData("$.state[0].pieces[1].sections[1].id", "\"others\"", "have state of different operators")]
    [InlineData("$.state[0].pieces[0].sections[1].id", "\"others\"", "have state of different operators")]
    [InlineData("$.sinks[0].prepared", null, "what a sink has prepared")]
    [InlineData("$.sinks[0]", "null", "what a sink has prepared")]
    [InlineData("$.counters.task", "null", "the counters of a task")]
    [InlineData("$.startedFrom.id", "null", "the savepoint that the job began with")]
    public void What_cannot_be_is_damage_that_is_named(string path, string? value, string reason)
    {
        var json = Json();
        Change(json, path, value);
        var error = Assert.Throws<DamagedCheckpointException>(() => Read(Forge(3, json.ToJsonString())));
        Assert.True(reason.Split('|').Any(part => error.Message.Contains(part, StringComparison.Ordinal)), error.Message);
        Assert.StartsWith("PSR601: '3.manifest' has the checksum that it names, but ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "version": 1, "frames": [1, 2] }""", "(format 1), which this release does not support")]
    [InlineData("""{ "version": 7 }""", "(format 7), which this release does not support")]
    public void What_was_under_way_between_subtasks_is_refused_as_long_as_nothing_reads_it(string channels, string layout)
    {
        var json = Json();
        json["channelState"] = JsonNode.Parse(channels);
        var refused = Assert.Throws<CheckpointRefusedException>(() => Read(Forge(3, json.ToJsonString())));
        Assert.Contains(layout, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Run the release that wrote it or a newer one.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_is_refused_with_its_number() => Assert.Contains(
        "has format 4; this release of Penstock reads formats up to 3",
        Assert.Throws<CheckpointRefusedException>(() => Read(Forge(4, Json().ToJsonString()))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("0000000012.state", 12L)]
    [InlineData("0000000012-1.state", 12L)]
    [InlineData("0000000012-10.state", 12L)]
    [InlineData("12345678901-2.state", 12345678901L)]
    [InlineData("0000000012-0.state", null)]
    [InlineData("0000000012-01.state", null)]
    [InlineData("0000000012-.state", null)]
    [InlineData("0000000012-1.manifest", null)]
    [InlineData("12-1.state", null)]
    [InlineData("-1.state", null)]
    [InlineData("0000000012-1", null)]
    public void A_state_file_has_the_checkpoint_and_the_node_in_its_name(string name, long? checkpoint) =>
        Assert.Equal(checkpoint, CheckpointNames.StateId(name));

    private static Manifest Sample() => ManifestTarget.Sample(0) with
    {
        Subtasks = new() { ["A"] = 2 },
        Files = [new StateFile("0000000002.state", 12), new StateFile("0000000003.state", 2)],
        State =
        [
            new SubtaskState("A", 0, [PieceOf(0, 0, 5, 0), PieceOf(1, 0, 1, 0)]),
            new SubtaskState("A", 1, [PieceOf(0, 5, 7, 64), PieceOf(1, 1, 1, 64)]),
        ],
    };

    // Two bytes of positions, as far as there is space, then entries.
    private static StatePiece PieceOf(int file, long offset, long length, int firstGroup) => new(
        file, offset, length, ["0123456789abcdef"], [new StateSection("splits", "splits", 0, Math.Min(length, 2), null), new StateSection(
            "rows",
            "keyed(string){N:int32}",
            Math.Min(length, 2),
            length - Math.Min(length, 2),
            new KeyGroupRange(firstGroup, 64))]);

    private static string Describe(
        SubtaskState subtask) => $"{subtask.Task} {subtask.Subtask}: " + string.Join("; ", subtask.Pieces.Select(static piece =>
        $"{piece.File} at {piece.Offset} + {piece.Length} [{string.Join(' ', piece.Checksums)}] {string.Join(", ", piece.Sections.Select(static section => $"{section.Id} at {section.Offset} + {section.Length}"))}"));

    private static JsonObject Json()
    {
        var text = Encoding.UTF8.GetString(ManifestFile.Serialize(Sample()));
        return JsonNode.Parse(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..])!.AsObject();
    }

    // Sets or removes the value at a path such as $.a[0].b.
    private static void Change(JsonNode root, string path, string? value)
    {
        var steps = path[1..].Replace("[", ".", StringComparison.Ordinal)
            .Replace("]", "", StringComparison.Ordinal)
            .Split('.', StringSplitOptions.RemoveEmptyEntries);
        var node = root;
        foreach (var step in steps[..^1])
        {
            node = node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!;
        }

        switch (node)
        {
            case JsonArray array when value == null:
                array.RemoveAt(int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture));
                break;
            case JsonArray array:
                array[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
                break;
            case JsonObject o when value == null:
                Assert.True(o.ContainsKey(steps[^1]), path);
                o[steps[^1]] = null;
                break;
            default:
                node[steps[^1]] = JsonNode.Parse(value!);
                break;
        }
    }

    private static Manifest? Read(byte[] bytes) => ManifestFile.Read(bytes, "3.manifest", static id => CheckpointNames.State(id));

    private static byte[] Forge(int format, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return [.. Encoding.UTF8.GetBytes($"penstock-checkpoint {format} {XxHash3.HashToUInt64(body):x16}\n"), .. body];
    }
}
