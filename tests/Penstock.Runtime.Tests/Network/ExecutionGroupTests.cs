using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Hosting;
using Penstock.Network;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Network;

/// <summary>Which tasks call each other directly, and where there is a channel between them.</summary>
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

    [Fact]
    public void A_subtask_has_a_channel_for_each_sender_of_each_input()
    {
        var network = NetworkOf(3, A, B, Keyed("K", "A"), Union("U", "K", "B"));
        Assert.Equal([0, 0, 0], network.InputsOf("K", 2).Select(static channel => channel.Input));
        Assert.Equal([0, 1], network.InputsOf("U", 1).Select(static channel => channel.Input));
        Assert.Equal([0, 1], network.InputsOf("U", 1).Select(static channel => channel.Index));
    }

    private static PlanTask Keyed(string id, string from) => new(id, [new PlanEdge(from, 0, Partitioning.Hash)], []);

    private static PlanTask Union(string id, params string[] from) => new(id, [.. from.Select(static (task, input) => new PlanEdge(task, input, Partitioning.Forward))], []);

    private static string GroupsOf(int parallelism, params PlanTask[] tasks)
    {
        var network = NetworkOf(parallelism, tasks);
        Assert.Equal(network.Groups.Count, network.Groups.Distinct().Count());
        return string.Join("|", tasks.GroupBy(task => network.GroupOf(task.Id, parallelism - 1)).Select(static group => string.Join(" ", group.Select(static task => task.Id))));
    }

    private static TaskNetwork NetworkOf(int parallelism, params PlanTask[] tasks) => new(
        new PipelinePlan("Test", [], tasks),
        new ExecutionEnvironment("Test", new PipelineOptions { Parallelism = parallelism }, new ServiceCollection().BuildServiceProvider(), NullLogger.Instance)
        {
            CreateMailbox = static (_, handle) => new ManualMailbox(handle),
        },
        static (group, message) => group.Handle(in message));
}
