using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks.Plan;

/// <summary>Which setting of the parallelism applies, and the resulting partitionings of edges.</summary>
public sealed class TaskParallelismTests
{
    [Theory]
    [InlineData(null, null, null, null, 1)]
    [InlineData(2, null, null, null, 2)]
    [InlineData(2, 3, null, null, 3)]
    [InlineData(2, 3, 4, null, 4)]
    [InlineData(2, 3, 4, 5, 5)]
    [InlineData(2, 3, null, 1, 1)]
    [InlineData(null, null, 4, null, 4)]
    public void What_is_said_of_a_stream_counts_before_what_is_said_of_all(
        int? pipelineAttribute,
        int? pipelineOption,
        int? streamAttribute,
        int? streamOption,
        int expected)
    {
        var plan = new PipelinePlan("Test", [], [new PlanTask("A", [], []) { Parallelism = streamAttribute }])
        {
            Parallelism = pipelineAttribute
        };
        var options = new PipelineOptions
        {
            Parallelism = pipelineOption,
            Streams = { ["a"] = new StreamOptions { Parallelism = streamOption } }
        };
        Assert.Equal(expected, new TaskParallelism(plan, options).Of("A"));
    }

    [Theory]
    [InlineData(Partitioning.Forward, 1, 1, Partitioning.Forward)]
    [InlineData(Partitioning.Forward, 3, 3, Partitioning.Forward)]
    [InlineData(Partitioning.Forward, 1, 3, Partitioning.Rebalance)]
    [InlineData(Partitioning.Forward, 3, 2, Partitioning.Rebalance)]
    [InlineData(Partitioning.Forward, 3, 1, Partitioning.Global)]
    [InlineData(Partitioning.Hash, 1, 1, Partitioning.Forward)]
    [InlineData(Partitioning.Hash, 3, 3, Partitioning.Hash)]
    [InlineData(Partitioning.Hash, 1, 3, Partitioning.Hash)]
    [InlineData(Partitioning.Hash, 3, 1, Partitioning.Global)]
    public void How_rows_are_spread_follows_from_both_numbers(Partitioning declared, int from, int to, Partitioning expected)
    {
        var edge = new PlanEdge("A", 0, declared);
        var plan = new PipelinePlan(
            "Test",
            [],
            [new PlanTask("A", [], []) { Parallelism = from }, new PlanTask("B", [edge], []) { Parallelism = to }]);
        Assert.Equal(expected, new TaskParallelism(plan, new PipelineOptions()).Of(edge, "B"));
    }

    [Fact]
    public void In_words_it_names_the_tasks_that_differ()
    {
        var plan = new PipelinePlan(
            "Test",
            [],
            [new PlanTask("A", [], []), new PlanTask("B", [], []) { Parallelism = 4 }, new PlanTask("C", [], []) { Parallelism = 1 }]);
        Assert.Equal("2 (B: 4, C: 1)", new TaskParallelism(plan, new PipelineOptions { Parallelism = 2 }).ToString());
        Assert.Equal("1 (B: 4)", new TaskParallelism(plan, new PipelineOptions()).ToString());
    }

    [Theory]
    [InlineData("Keyed", 129, "Streams:Keyed:Parallelism is 129; 1 to KeyGroups (128) are possible, since 'Keyed' is keyed.")]
    [InlineData("Keyed", 0, "Streams:Keyed:Parallelism is 0; 1 to KeyGroups (128) are possible, since 'Keyed' is keyed.")]
    [InlineData("Keyed", 128, null)]
    [InlineData("Rows", 129, null)]
    [InlineData("Rows", 32_769, "Streams:Rows:Parallelism is 32769; 1 to 32768 are possible.")]
    [InlineData("Rows", -1, "Streams:Rows:Parallelism is -1; 1 to 32768 are possible.")]
    [InlineData(
        "Mapped",
        2,
        "Streams:Mapped:Parallelism is set, but 'Mapped' runs in the task of stream 'Rows': set Streams:Rows:Parallelism, or put [Parallelism] on 'Mapped', with which it begins a task.")]
    [InlineData("Row", 2, "Streams:Row:Parallelism is not read: the pipeline has no stream 'Row'; tasks begin with 'Rows', 'Keyed'.")]
    public void A_number_that_is_not_possible_is_refused_at_the_start(string stream, int parallelism, string? problem) =>
        Assert.Equal(
            problem == null ? [] : [problem],
            Problems(Plan(), new PipelineOptions { Streams = { [stream] = new StreamOptions { Parallelism = parallelism } } }));

    [Fact]
    public void Attributes_that_the_key_groups_do_not_allow_are_named()
    {
        var plan = Plan(keyed: 40);
        Assert.Equal(
            ["[Parallelism(40)] of stream 'Keyed': 1 to KeyGroups (32) are possible, since 'Keyed' is keyed. Lower it, or set Streams:Keyed:Parallelism or KeyGroups."],
            Problems(plan, new PipelineOptions { KeyGroups = 32 }));
        Assert.Empty(Problems(
            plan,
            new PipelineOptions { KeyGroups = 32, Streams = { ["Keyed"] = new StreamOptions { Parallelism = 32 } } }));

        var whole = Plan() with { Parallelism = 40 };
        Assert.Equal(
            ["[Pipeline(Parallelism = 40)]: 1 to KeyGroups (32) are possible, since 'Keyed' is keyed. Lower it, or set Parallelism or KeyGroups."],
            Problems(whole, new PipelineOptions { KeyGroups = 32 }));
        Assert.Empty(Problems(whole, new PipelineOptions { KeyGroups = 32, Parallelism = 2 }));
    }

    [Theory]
    [InlineData(null, 128, null)]
    [InlineData(
        null,
        129,
        "Parallelism is 129; 1 to KeyGroups (128) are possible, since 'Keyed' is keyed. Lower it, or set Streams:Keyed:Parallelism or KeyGroups.")]
    [InlineData(8, 129, null)]
    [InlineData(8, 32_768, null)]
    [InlineData(8, 32_769, "Parallelism is 32769; 1 to 32768 are possible.")]
    [InlineData(null, 32_769, "Parallelism is 32769; 1 to 32768 are possible.")]
    [InlineData(8, 0, "Parallelism is 0; 1 to 32768 are possible.")]
    public void Key_groups_limit_the_number_of_the_pipeline_only_where_a_keyed_task_takes_it(
        int? keyed,
        int parallelism,
        string? problem) =>
        Assert.Equal(problem == null ? [] : [problem], Problems(Plan(keyed), new PipelineOptions { Parallelism = parallelism }));

    private static PipelinePlan Plan(int? keyed = null) => new(
        "Test",
        [
            new PlanNode("Rows", PlanNodeKind.Source, "", [], ""), new PlanNode("Mapped", PlanNodeKind.Operator, "", ["Rows"], ""),
            new PlanNode("Keyed", PlanNodeKind.Operator, "", ["Mapped"], "", Key: "Shop"),
        ],
        [
            new PlanTask("Rows", [], ["Rows", "Mapped"]),
            new PlanTask("Keyed", [new PlanEdge("Rows", 0, Partitioning.Hash)], ["Keyed"]) { Parallelism = keyed }
        ]);

    private static List<string> Problems(PipelinePlan plan, PipelineOptions options)
    {
        var problems = new List<string>();
        OptionsValidator.Validate(options, plan, problems);
        return problems;
    }
}
