using Penstock.Network;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks.Graph;

/// <summary>Which tasks call each other directly, and which have a channel between them.</summary>
public sealed class ExecutionGroupTests
{
    private static readonly PlanTask A = new("A", [], []);
    private static readonly PlanTask B = new("B", [], []);

    [Theory]
    [InlineData(1, "A K L")]
    [InlineData(2, "A|K|L")]
    public void One_source_at_parallelism_1_is_one_thread(int parallelism, string groups) =>
        Assert.Equal(groups, GroupsOf(parallelism, A, Keyed("K", "A"), Keyed("L", "K")));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Two_sources_do_not_call_the_task_that_unites_them(int parallelism) =>
        Assert.Equal("A|B|U", GroupsOf(parallelism, A, B, Union("U", "A", "B")));

    [Theory]
    [InlineData(1, "A K U L")]
    [InlineData(2, "A|K|U|L")]
    public void The_tasks_of_a_diamond_are_called_where_each_has_one_sender(int parallelism, string groups) =>
        Assert.Equal(groups, GroupsOf(parallelism, A, Keyed("K", "A"), Union("U", "A", "K"), Keyed("L", "U")));

    [Fact]
    public void Rows_that_keep_their_subtask_stay_on_its_thread() =>
        Assert.Equal("A U|K", GroupsOf(2, A, Union("U", "A", "A"), Keyed("K", "U")));

    [Fact]
    public void What_stands_behind_several_groups_begins_one() =>
        Assert.Equal("A K|B|U M", GroupsOf(1, A, B, Keyed("K", "A"), Union("U", "K", "B"), Keyed("M", "U")));

    [Theory]
    [InlineData(1, "A|C K")]
    [InlineData(2, "A|C|K")]
    public void Asynchronous_calls_are_apart_from_what_sends_to_them(int parallelism, string groups) =>
        Assert.Equal(groups, GroupsOf(parallelism, A, Union("C", "A") with { IsAsync = true }, Keyed("K", "C")));

    [Fact]
    public void A_subtask_has_a_channel_for_each_sender_of_each_input()
    {
        var network = NetworkOf(3, A, B, Keyed("K", "A"), Union("U", "K", "B"));
        Assert.Equal([0, 0, 0], network.InputsOf("K", 2).Select(static channel => channel.Input));
        Assert.Equal([0, 1], network.InputsOf("U", 1).Select(static channel => channel.Input));
        Assert.Equal([0, 1], network.InputsOf("U", 1).Select(static channel => channel.Index));
    }

    [Theory]
    [InlineData(1, 3, "A K|U")]
    [InlineData(3, 1, "A|K|U")]
    [InlineData(3, 3, "A|K U")]
    [InlineData(1, 1, "A K U")]
    public void Only_tasks_of_equal_parallelism_call_each_other(int keyed, int union, string groups) =>
        Assert.Equal(groups, GroupsOf(1, A, Keyed("K", "A") with { Parallelism = keyed }, Union("U", "K") with { Parallelism = union }));

    [Fact]
    public void Between_unequal_tasks_there_is_a_channel_for_each_pair()
    {
        var network = NetworkOf(
            1,
            A with { Parallelism = 2 },
            Keyed("K", "A") with { Parallelism = 3 },
            Union("U", "K", "A") with { Parallelism = 2 },
            Keyed("G", "U"));
        Assert.All(
            Enumerable.Range(0, 3),
            subtask => Assert.Equal([0, 0], network.InputsOf("K", subtask).Select(static channel => channel.Input)));
        Assert.All(
            Enumerable.Range(0, 2),
            subtask => Assert.Equal([0, 0, 0, 1], network.InputsOf("U", subtask).Select(static channel => channel.Input)));
        Assert.Equal([0, 1], network.InputsOf("G", 0).Select(static channel => channel.Index));
        Assert.Equal(
            ["A 0", "A 1", "K 0", "K 1", "K 2", "U 0", "U 1", "G 0"],
            network.Groups.Select(static group => $"{group.Task} {group.Index}"));
    }

    [Fact]
    public void Subtasks_that_get_the_time_of_the_same_senders_share_idleness()
    {
        var source = A with { Parallelism = 2 };
        Assert.False(ShareIdleness(source, Keyed("X", "A") with { Parallelism = 3 }));
        Assert.False(ShareIdleness(source, Union("U", "A") with { Parallelism = 2 }, Keyed("X", "U") with { Parallelism = 3 }));
        Assert.True(ShareIdleness(source, Keyed("K", "A") with { Parallelism = 3 }, Keyed("X", "K") with { Parallelism = 2 }));
        Assert.True(ShareIdleness(source, Union("U", "A") with { Parallelism = 3 }, Keyed("X", "U") with { Parallelism = 2 }));
        Assert.True(ShareIdleness(
            source,
            Keyed("K", "A") with { Parallelism = 2 },
            Union("U", "K") with { Parallelism = 2 },
            Keyed("X", "U") with { Parallelism = 3 }));
    }

    private static bool ShareIdleness(params PlanTask[] tasks) =>
        NetworkOf(1, tasks).InputsOf("X", 0).All(static channel => channel.SharesIdleness);

    private static PlanTask Keyed(string id, string from) => new(id, [new PlanEdge(from, 0, Partitioning.Hash)], []);

    private static PlanTask Union(string id, params string[] from) =>
        new(id, [.. from.Select(static (task, input) => new PlanEdge(task, input, Partitioning.Forward))], []);

    private static string GroupsOf(int parallelism, params PlanTask[] tasks)
    {
        var network = NetworkOf(parallelism, tasks);
        Assert.Equal(network.Groups.Count, network.Groups.Distinct().Count());
        return string.Join("|", tasks
            .GroupBy(task => network.GroupOf(task.Id, 0))
            .Select(static group => string.Join(" ", group.Select(static task => task.Id))));
    }

    private static TaskNetwork NetworkOf(int parallelism, params PlanTask[] tasks)
    {
        var (plan, options) = (new PipelinePlan("Test", [], tasks), new PipelineOptions { Parallelism = parallelism });
        return new TaskNetwork(
            plan,
            new TaskParallelism(plan, options),
            TestEnvironment.Create("Test", options) with { CreateMailbox = static (_, _, handle) => new ManualMailbox(handle) },
            static (group, message) => group.Handle(in message));
    }
}
