using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Runtime.Tests.Checkpoints.Manifests;

/// <summary>Manifests with a valid checksum in which one value is changed.</summary>
internal static class ForgedManifest
{
    // The values that determine where state is, and to which subtask it belongs.
    private static readonly string[] Parts = ["subtasks", "keyGroups", "files", "state"];

    /// <summary>Changes each kind of value, at its first and its last occurrence.</summary>
    public static IEnumerable<(string Change, byte[] Manifest)> Of(byte[] manifest)
    {
        var text = Encoding.UTF8.GetString(manifest);
        var json = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        var places = Parts
            .SelectMany(part => Places(JsonNode.Parse(json)!, [part]))
            .GroupBy(static place => string.Join('.', place.Where(static step => step is string)));
        foreach (var place in places.SelectMany(static kind => (object[][])[kind.First(), kind.Last()]))
        {
            foreach (var change in (Func<JsonNode, JsonNode?>[])[More, Less, Twice, static _ => null])
            {
                var forged = JsonNode.Parse(json)!;
                var before = At(forged, place);
                var after = change(before.DeepClone());
                if (!JsonNode.DeepEquals(before, after))
                {
                    Set(At(forged, place[..^1]), place[^1], after);
                    yield return ($"{string.Join('.', place)}: {before.ToJsonString()} -> {after?.ToJsonString() ?? "null"}", Sign(forged));
                }
            }
        }
    }

    private static IEnumerable<object[]> Places(JsonNode root, object[] place)
    {
        yield return place;
        IEnumerable<object> steps = At(root, place) switch
        {
            JsonObject o => o.Select(static member => (object)member.Key),
            JsonArray a => Enumerable.Range(0, a.Count).Select(static index => (object)index),
            _ => [],
        };
        foreach (var step in steps)
        {
            foreach (var inner in Places(root, [.. place, step]))
            {
                yield return inner;
            }
        }
    }

    private static JsonNode More(JsonNode node)
    {
        switch (node)
        {
            case JsonArray array:
                array.RemoveAt(0);
                return array;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                return value.GetValue<long>() + 1;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return value.GetValue<string>() + "x";
            default:
                return node;
        }
    }

    private static JsonNode Less(JsonNode node)
    {
        switch (node)
        {
            case JsonArray array:
                array.RemoveAt(array.Count - 1);
                return array;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                return value.GetValue<long>() - 1;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return value.GetValue<string>()[1..];
            default:
                return node;
        }
    }

    private static JsonNode Twice(JsonNode node)
    {
        switch (node)
        {
            case JsonArray array:
                array.Add(array[0]!.DeepClone());
                return array;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                return value.GetValue<long>() * 2;
            default:
                return node;
        }
    }

    private static JsonNode At(JsonNode root, IEnumerable<object> place) =>
        place.Aggregate(root, static (node, step) => step is int index ? node[index]! : node[(string)step]!);

    private static void Set(JsonNode parent, object step, JsonNode? value)
    {
        if (step is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)step] = value;
        }
    }

    private static byte[] Sign(JsonNode json)
    {
        var body = Encoding.UTF8.GetBytes(json.ToJsonString());
        return [.. Encoding.UTF8.GetBytes($"penstock-checkpoint 3 {XxHash3.HashToUInt64(body):x16}\n"), .. body];
    }
}
