using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Fuzzing;

namespace Penstock.Runtime.Tests.Parallelism;

/// <summary>What a manifest says of the subtasks of each task.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void A_manifest_says_how_many_subtasks_each_task_had()
    {
        var sample = ManifestTarget.Sample(FileOf(("A", 0), ("B", 0), ("B", 1))) with { Subtasks = new() { ["A"] = 1, ["B"] = 2 } };
        Assert.Equal(sample.Subtasks, ManifestFile.Read(ManifestFile.Serialize(sample), "3.manifest")!.Subtasks);
    }

    [Fact]
    public void One_number_of_format_1_is_that_of_every_task()
    {
        var bytes = Forge(1, static json =>
        {
            json.Remove("subtasks");
            json["parallelism"] = 3;
        });
        Assert.StartsWith("penstock-checkpoint 1 ", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(new Dictionary<string, int> { ["A"] = 3, ["B"] = 3 }, ManifestFile.Read(bytes, "3.manifest")!.Subtasks);
    }

    [Theory]
    [InlineData("""{ "A": 1, "B": 1 }""")]
    [InlineData("""{ "A": 1 }""")]
    [InlineData("null")]
    public void State_of_a_subtask_that_there_was_not_is_damage(string subtasks) =>
        Assert.Throws<DamagedCheckpointException>(() => ManifestFile.Read(Forge(2, json => json["subtasks"] = JsonNode.Parse(subtasks)), "3.manifest"));

    [Fact]
    public void A_release_that_knows_one_number_refuses_a_manifest_of_several() =>
        Assert.StartsWith("penstock-checkpoint 2 ", Encoding.UTF8.GetString(ManifestFile.Serialize(ManifestTarget.Sample(FileOf(("A", 0))))), StringComparison.Ordinal);

    private static byte[] Forge(int format, Action<JsonObject> change)
    {
        var text = Encoding.UTF8.GetString(ManifestFile.Serialize(ManifestTarget.Sample(FileOf(("A", 0), ("A", 0), ("B", 1)))));
        var json = JsonNode.Parse(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..])!.AsObject();
        change(json);
        var body = Encoding.UTF8.GetBytes(json.ToJsonString());
        return [.. Encoding.UTF8.GetBytes($"penstock-checkpoint {format} {XxHash3.HashToUInt64(body):x16}\n"), .. body];
    }

    private static StateFile FileOf(params (string Task, int Subtask)[] subtasks) =>
        new(3, true, 0, [.. subtasks.Select(static subtask => new SubtaskState(subtask.Task, subtask.Subtask, 0, 0, [], []))]);
}
