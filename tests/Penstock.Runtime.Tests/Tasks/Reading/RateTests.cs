using Penstock.Runtime.Tests.Sources.Files.Polling;
using Penstock.Runtime.Tests.Windows;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>The rate of a source is the maximum number of rows per second over all of its subtasks, whatever happened before.</summary>
public sealed class RateTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Quiet_time_is_not_made_up_for(int parallelism)
    {
        var topic = Topic();
        using var harness = new StreamingHarness<CountPipeline>(Options(parallelism), topic);
        harness.AdvanceClock(TimeSpan.FromHours(1));
        Send(topic, "s0", 2_000);
        harness.Run();
        Assert.InRange(harness.RowsIn, 1, 100);
        Assert.InRange(RowsWithin(harness, seconds: 5), 490, 510);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_single_split_gets_the_whole_rate(int parallelism)
    {
        var topic = Topic();
        using var harness = new StreamingHarness<CountPipeline>(Options(parallelism), topic);
        Send(topic, "s0", 2_000);
        Assert.InRange(RowsWithin(harness, seconds: 5), 490, 510);
    }

    [Fact]
    public void Many_splits_share_it()
    {
        var topic = Topic();
        using var harness = new StreamingHarness<CountPipeline>(Options(parallelism: 4), topic);
        for (var split = 0; split < 4; split++)
        {
            Send(topic, $"s{split}", 2_000);
        }

        Assert.InRange(RowsWithin(harness, seconds: 5), 490, 510);
        Assert.All(
            harness.Graph.Subtasks.Where(static subtask => subtask.Source != null),
            static subtask => Assert.InRange(subtask.Counters.RowsIn, 50, 300));
    }

    [Fact]
    public void A_rate_below_one_row_per_second_is_kept()
    {
        var topic = Topic();
        var options = Options(parallelism: 1);
        options.Sources["Clicks"].Rate = 0.5;
        using var harness = new StreamingHarness<CountPipeline>(options, topic);
        Send(topic, "s0", 100);
        Assert.InRange(RowsWithin(harness, seconds: 20), 9, 11);
    }

    [Fact]
    public void A_paused_subtask_leaves_its_rate_tokens_to_the_others()
    {
        var topic = new LiveTopic<Click>();
        topic.Add("s0", "s1");
        var options = Options(parallelism: 2);
        options.MaxDrift = TimeSpan.FromSeconds(10);
        options.Sources["Clicks"] = new SourceOptions { Rate = 1, Idle = TimeSpan.FromSeconds(5) };
        using var harness = new StreamingHarness<CountPipeline>(options, topic);

        // The other subtask is idle, so that nothing pauses it while it begins to wait for its next token.
        topic.Send("s0", [.. Enumerable.Range(100, 20).Select(static second => WindowTests.At(second))]);
        Assert.InRange(RowsWithin(harness, seconds: 15), 5, 15);
        topic.Send("s1", [.. Enumerable.Range(10, 20).Select(static second => WindowTests.At(second))]);
        RowsWithin(harness, seconds: 60);
        Assert.Equal(40, harness.RowsIn);
    }

    private static long RowsWithin(StreamingHarness<CountPipeline> harness, int seconds)
    {
        var before = harness.RowsIn;
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(seconds); passed += Tick)
        {
            harness.AdvanceClock(Tick);
        }

        return harness.RowsIn - before;
    }

    private static LiveTopic<Click> Topic()
    {
        var topic = new LiveTopic<Click>();
        topic.Add("s0", "s1", "s2", "s3");
        return topic;
    }

    private static void Send(LiveTopic<Click> topic, string split, int rows) =>
        topic.Send(split, [.. Enumerable.Range(0, rows).Select(static row => WindowTests.At(row / 100d))]);

    private static PipelineOptions Options(int parallelism)
    {
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = 16 };
        options.Sources["Clicks"] = new SourceOptions { Rate = 100 };
        return options;
    }
}
