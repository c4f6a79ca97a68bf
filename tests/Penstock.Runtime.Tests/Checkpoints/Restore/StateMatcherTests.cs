using Penstock.Checkpoints;

namespace Penstock.Runtime.Tests.Checkpoints.Restore;

/// <summary>The parts of a manifest that do not match a program.</summary>
public class StateMatcherTests
{
    [Fact]
    public void The_files_of_a_checkpoint_were_written_by_one_program()
    {
        var plan = new PipelinePlan("Shop", [], []) { RemovedState = ["Gone"] };
        Assert.Null(new StateMatcher(plan, [], ManifestOf("keyed(string){A:int32}", "keyed(string){A:int32}")).FindProblem());
        Assert.Equal(
            "its files contain state of 'Gone' with different schemas. Restore its original files",
            new StateMatcher(plan, [], ManifestOf("keyed(string){A:int32}", "keyed(string){A:int64}")).FindProblem());
    }

    [Fact]
    public void A_schema_of_a_newer_release_is_refused()
    {
        var plan = new PipelinePlan("Shop", [new PlanNode("Hours", PlanNodeKind.Operator, "", [], "", Key: "Origin")], []);
        var refused = Assert.Throws<CheckpointRefusedException>(() =>
            new StateMatcher(plan, [], ManifestOf("keyed(string){A:int128}", id: "Hours")).FindProblem());
        Assert.StartsWith(
            "PSR602: The state of 'Hours' was saved with a schema that this release of Penstock does not know: ",
            refused.Message,
            StringComparison.Ordinal);
    }

    private static Manifest ManifestOf(string schema, string? other = null, string id = "Gone") => new()
    {
        Job = "job",
        Pipeline = "Shop",
        Id = 2,
        TakenAt = default,
        PenstockVersion = "0.1.0",
        Terminal = false,
        Subtasks = new() { ["Hours"] = 1 },
        KeyGroups = 128,
        Files = [new StateFile("0000000001.state", 0), new StateFile("0000000002.state", 0)],
        State = [new SubtaskState("Hours", 0, [PieceOf(0, schema, id), PieceOf(1, other ?? schema, id)])],
        Sinks = [],
        Counters = [],
    };

    private static StatePiece PieceOf(int file, string schema, string id) =>
        new(file, 0, 0, [], [new StateSection(id, schema, 0, 0, null)]);
}
