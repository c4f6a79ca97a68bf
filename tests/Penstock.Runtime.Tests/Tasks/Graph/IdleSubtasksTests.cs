using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Testing.Simulation.Feeds;
using Penstock.Runtime.Tests.Timers;
using Penstock.Testing;
using Penstock.Testing.Simulation;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Tasks.Graph;

/// <summary>
/// Source subtasks without splits hold no watermark back, not even while they have not begun. So timers fire as at parallelism 1.
/// </summary>
public sealed class IdleSubtasksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_timer_fires_before_a_later_row_deletes_it(int parallelism)
    {
        var connectors = new TestConnectors(splitsPerSource: 1);
        using var harness = new EngineHarness<AlarmPipeline>(TestEnvironment.Create("Test") with { Connectors = connectors });
        harness.Start(parallelism);
        foreach (var row in (AlarmCommand[])[new("a", At(10), "set"), new("x", At(30), ""), new("a", At(10), "delete")])
        {
            connectors.SourceOf<AlarmCommand>(nameof(AlarmPipeline.Commands)).Send(0, [row]);
            harness.Time.Advance(TimeSpan.FromSeconds(1));
            RunWithFirstSource(harness, parallelism);
        }

        Assert.Equal(
            [new Alarm("a", 10, false)],
            connectors.SinkOf<Alarm>(nameof(AlarmPipeline.Alarms), harness.Graph.Plan).Take().Select(static change => change.Row));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_rows_of_one_file_give_the_same_at_every_parallelism(int parallelism)
    {
        var files = Input($"key,at,action\na,{At(10):O},set\nx,{At(30):O},\na,{At(10):O},delete\n");
        using var harness = Harness(files, parallelism);
        harness.Start();
        RunWithFirstSource(harness, parallelism);
        harness.Run();
        harness.Checkpoint(CheckpointMode.Terminal);
        Assert.Equal(["a,10,false"], Alarms(files));
    }

    [Fact]
    public void A_file_that_was_read_before_a_restart_holds_nothing_back()
    {
        var fill = string.Concat(Enumerable.Repeat($"x,{At(2):O},\n", 200));
        var files = Input(
            $"key,at,action\nb,{At(1):O},set\n",
            $"key,at,action\na,{At(10):O},set\n{fill}x,{At(30):O},\na,{At(10):O},delete\n");
        using var harness = Harness(files, parallelism: 2);
        harness.Start();
        harness.RunOnly(0);
        harness.Checkpoint(steps: 50);
        harness.Crash();
        harness.Start();
        harness.RunOnly([.. Enumerable.Range(1, harness.Mailboxes.Count - 1)]);
        harness.Run();
        harness.Checkpoint(CheckpointMode.Terminal);
        Assert.Equal(["a,10,false", "b,1,false"], Alarms(files));
    }

    // It may have restored windows or timers that fire first: nothing may pass their results.
    [Fact]
    public void A_keyed_task_is_not_idle_whatever_its_senders()
    {
        var files = new SimulatedFiles();
        foreach (var folder in (string[])["/in", "/far"])
        {
            files.CreateDirectory(folder);
            files.Add(folder + "/rides-1.csv", "user,at,amount\n");
        }

        using var harness = new EngineHarness<MergePipeline>(
            TestEnvironment.Create("Test", new PipelineOptions { Parallelism = 2 }) with { Files = files },
            new MemoryFileSystem());
        harness.Start();
        Assert.Equal([Watermarks.None, Watermarks.End], WatermarksOf(nameof(MergePipeline.NearTotals)));
        Assert.Equal([Watermarks.None, Watermarks.None], WatermarksOf(nameof(MergePipeline.Totals)));
        Assert.Equal([Watermarks.End, Watermarks.End], WatermarksOf(nameof(MergePipeline.Diamond)));

        IEnumerable<long> WatermarksOf(string task) =>
            harness.Graph.SubtaskOf(task, 1).Inputs.Select(static input => input.CombinedWatermark);
    }

    // Row by row, so that time advances between rows.
    private static EngineHarness<AlarmPipeline> Harness(SimulatedFiles files, int parallelism)
    {
        var options = new PipelineOptions { BatchSize = 1, Parallelism = parallelism };
        options.Sources[nameof(AlarmPipeline.Commands)] = new SourceOptions { Path = "/in" };
        options.Sinks[nameof(AlarmPipeline.Alarms)] = new SinkOptions { Path = "/out/alarms.csv" };
        return new EngineHarness<AlarmPipeline>(
            TestEnvironment.Create("Test", options) with { Files = files },
            new MemoryFileSystem());
    }

    private static SimulatedFiles Input(params ReadOnlySpan<string> texts)
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        for (var index = 0; index < texts.Length; index++)
        {
            files.Add($"/in/{index}.csv", texts[index]);
        }

        return files;
    }

    private static IEnumerable<string> Alarms(SimulatedFiles files) =>
        files.Visible("/out/alarms").SelectMany(files.LinesOf).Where(static line => line != "key,second,isAtEnd").Order();

    // The other subtasks of the source get no processor. The mailboxes of the source come first.
    private static void RunWithFirstSource(EngineHarness<AlarmPipeline> harness, int parallelism) =>
        harness.RunOnly([0, .. Enumerable.Range(parallelism, harness.Mailboxes.Count - parallelism)]);

    private static DateTime At(int second) => new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second);
}
