using CsCheck;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Sources.Files.Polling;
using Penstock.Runtime.Tests.Tasks.Reading;

namespace Penstock.Runtime.Tests.Hosting.Monitoring;

/// <summary>The status of event time: how far it has advanced, and which splits hold it back.</summary>
public sealed class SourceWatchTests
{
    private const string Clicks = nameof(CountPipeline.Clicks);

    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private readonly LiveTopic<Click> _topic = new();
    private readonly CollectedLogs _logs = new();

    [Fact]
    public void The_watermark_is_the_lowest_of_the_splits_and_never_goes_back() =>
        Gen.Select(Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100]).Array[1, 40], Gen.Int[1, 3]).Sample(
            (sent, parallelism) =>
            {
                var topic = new LiveTopic<Click>();
                topic.Add("s0", "s1", "s2");
                using var harness = new StreamingHarness<CountPipeline>(topic, parallelism);
                using var watch = new SourceWatch(harness.Graph);
                var newest = new int?[3];
                foreach (var (split, second) in sent)
                {
                    topic.Send($"s{split}", Row(second));
                    harness.Run();
                    newest[split] = Math.Max(newest[split] ?? second, second);
                    DateTimeOffset? expected = Array.TrueForAll(newest, static known => known != null)
                        ? Noon.AddSeconds(newest.Min()!.Value) - Delay
                        : null;
                    Assert.Equal(expected, watch.Watermark);
                    Assert.Equal(expected, watch.WatermarkOf(Clicks));
                }
            },
            iter: 100);

    [Fact]
    public void A_split_that_wakes_up_behind_the_others_does_not_take_the_watermark_back()
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic);
        using var watch = new SourceWatch(harness.Graph);
        _topic.Send("s1", Row(1));
        _topic.Send("s0", Row(20));
        harness.Run();
        harness.AdvanceClock(TimeSpan.FromSeconds(31));
        harness.AdvanceClock(TimeSpan.FromSeconds(31));
        Assert.Equal(Noon.AddSeconds(18), watch.Watermark);
        _topic.Send("s0", Row(30));
        harness.Run();
        Assert.Equal(Noon.AddSeconds(28), watch.Watermark);
        _topic.Send("s1", Row(2));
        harness.Run();
        Assert.Equal(Noon.AddSeconds(28), watch.Watermark);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Splits_that_never_had_a_row_are_named_once(int parallelism)
    {
        _topic.Add("s0", "s1", "s2", "s3");
        using var harness = Start(parallelism);
        using var watch = new SourceWatch(harness.Graph);
        _topic.Send("s0", Row(1));
        _topic.Send("s2", Row(2));
        harness.Run();
        Pass(harness, 20);
        Assert.Empty(watch.StalledSplits(Clicks));
        Pass(harness, 20);
        Assert.Equal(["s1", "s3"], watch.StalledSplits(Clicks));
        Pass(harness, 100);
        Assert.Contains(
            $"Source Clicks of pipeline CountPipeline: the splits s1 (subtask {1 % parallelism}), s3 (subtask {3 % parallelism}) have never had a row, and hold event time back since {Since(harness.Time.GetUtcNow(), watch):O}, while others, of this source or of sources that it is united with, have reached 2001-01-01T12:00:00.0000000+00:00.",
            Assert.Single(Warnings()),
            StringComparison.Ordinal);

        // Their times are measured as long as they wait.
        Assert.Equal(
            [("s1", 1 % parallelism), ("s3", 3 % parallelism)],
            watch.Stalls.Select(static stall => (stall.Split, stall.Subtask)));
        Assert.All(watch.Stalls, static hold => Assert.InRange(hold.For, TimeSpan.FromSeconds(130), TimeSpan.FromSeconds(140)));
        _topic.Send("s1", Row(3));
        _topic.Send("s3", Row(3));
        harness.Run();
        Pass(harness, 100);
        Assert.Empty(watch.StalledSplits(Clicks));
        Assert.Single(Warnings());
    }

    private static DateTimeOffset Since(DateTimeOffset now, SourceWatch watch) => now - watch.Stalls.First().For;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_slowest_split_is_named_with_its_subtask_and_since_when(int parallelism)
    {
        _topic.Add("s0", "s1", "s2");
        using var harness = Start(parallelism);
        using var watch = new SourceWatch(harness.Graph);
        Pass(harness, 5);
        var start = harness.Time.GetUtcNow();
        Assert.Equal(new SlowestSplit(Clicks, 0, "s0", null, start), watch.SlowestOf(Clicks));
        _topic.Send("s0", Row(9));
        _topic.Send("s1", Row(4));
        _topic.Send("s2", Row(7));
        harness.Run();
        Pass(harness, 5);
        var second = new SlowestSplit(Clicks, 1 % parallelism, "s1", Noon.AddSeconds(4) - Delay, start.AddSeconds(5));
        Assert.Equal(second, watch.SlowestOf(Clicks));

        // Rows of other splits do not change since when it is the slowest one.
        _topic.Send("s2", Row(30));
        harness.Run();
        Pass(harness, 25);
        Assert.Equal(second, watch.Slowest);
        Assert.Equal([second], watch.SlowestSplits);
        _topic.Send("s1", Row(40));
        harness.Run();
        Pass(harness, 5);
        Assert.Equal(new SlowestSplit(Clicks, 0, "s0", Noon.AddSeconds(9) - Delay, start.AddSeconds(35)), watch.SlowestOf(Clicks));
        Assert.Null(watch.SlowestOf("Others"));
    }

    [Fact]
    public void A_stalled_split_is_named_when_others_progress_and_not_when_all_are_quiet()
    {
        _topic.Add("s0", "s1");
        using var harness = Start(1);
        using var watch = new SourceWatch(harness.Graph);
        _topic.Send("s0", Row(1));
        _topic.Send("s1", Row(2));
        harness.Run();
        Pass(harness, 100);
        Assert.Empty(watch.StalledSplits(Clicks));
        for (var second = 3; second < 50; second++)
        {
            _topic.Send("s1", Row(second));
            Pass(harness, 1);
        }

        Assert.Equal(["s0"], watch.StalledSplits(Clicks));
        Assert.Contains(
            "the splits s0 (subtask 0) have had no rows since 2001-01-01T11:59:59.0000000+00:00",
            Assert.Single(Warnings()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Idle_splits_and_sources_that_nothing_waits_for_are_not_named()
    {
        _topic.Add("s0", "s1");
        using (var harness = new StreamingHarness<ClicksPipeline>(new PipelineOptions { BatchSize = 4 }, _topic, log: _logs))
        {
            using var watch = new SourceWatch(harness.Graph);
            _topic.Send("s0", Row(1));
            harness.Run();
            Pass(harness, 100);
            Assert.Empty(watch.StalledSplits(Clicks));
        }

        _topic.Crash();
        using var copy = new StreamingHarness<CopyPipeline>(new PipelineOptions { BatchSize = 4 }, _topic, log: _logs);
        using var copied = new SourceWatch(copy.Graph);
        Pass(copy, 100);
        Assert.Null(copied.Watermark);
        Assert.Empty(copied.StalledSplits(Clicks));
        Assert.Empty(Warnings());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_quiet_source_of_a_union_is_named_when_the_others_progress(int parallelism)
    {
        var topics = new Dictionary<string, LiveTopic<Click>>
        {
            [nameof(MeetingPipeline.Left)] = new(),
            [nameof(MeetingPipeline.Right)] = new(),
            [nameof(MeetingPipeline.Far)] = new()
        };
        foreach (var topic in topics.Values)
        {
            topic.Add("s0", "s1");
        }

        using var harness = new StreamingHarness<MeetingPipeline>(
            new PipelineOptions { Parallelism = parallelism, BatchSize = 4 },
            topics: topics,
            log: _logs);
        using var watch = new SourceWatch(harness.Graph);
        Send(nameof(MeetingPipeline.Left), 5);
        Send(nameof(MeetingPipeline.Right), 4);
        Send(nameof(MeetingPipeline.Far), 3);
        Pass(harness, 100);

        // All are quiet. None has advanced since.
        Assert.Empty(watch.Stalls);
        Assert.Null(watch.Problem);
        Assert.Empty(Warnings());
        for (var second = 6; second < 50; second++)
        {
            Send(nameof(MeetingPipeline.Left), second);
            Pass(harness, 1);
        }

        // The source that is not in a union with the left one holds back nothing there, although it is further behind.
        Assert.Equal(["s0", "s1"], watch.StalledSplits(nameof(MeetingPipeline.Right)));
        Assert.Empty(watch.StalledSplits(nameof(MeetingPipeline.Left)));
        Assert.Empty(watch.StalledSplits(nameof(MeetingPipeline.Far)));
        Assert.Contains(
            $"Source Right of pipeline MeetingPipeline: the splits s0 (subtask 0), s1 (subtask {1 % parallelism}) have had no rows since 2001-01-01T12:00:02.0000000+00:00",
            Assert.Single(Warnings()),
            StringComparison.Ordinal);
        Assert.Equal(
            $"Source 'Right': the splits s0 (subtask 0), s1 (subtask {1 % parallelism}) have had no rows since 2001-01-01T12:00:02.0000000+00:00, and hold event time back. If a split may have no rows for a long time, set Idle on the [EventTime] of the source, or Sources:Right:Idle.",
            watch.Problem);

        Send(nameof(MeetingPipeline.Right), 60);
        Pass(harness, 10);
        Assert.Empty(watch.StalledSplits(nameof(MeetingPipeline.Right)));

        // Now the other union waits for the third source.
        Assert.Equal(["s0", "s1"], watch.StalledSplits(nameof(MeetingPipeline.Far)));
        Assert.StartsWith(
            $"Source 'Far': the splits s0 (subtask 0), s1 (subtask {1 % parallelism}) have had no rows since 2001-01-01T12:00:01",
            watch.Problem,
            StringComparison.Ordinal);

        void Send(string source, int second)
        {
            topics[source].Send("s0", Row(second));
            topics[source].Send("s1", Row(second));
        }
    }

    [Fact]
    public void A_split_without_rows_makes_the_pipeline_degraded_and_says_what_helps()
    {
        _topic.Add("s0", "s1");
        using var harness = Start(1);
        using var watch = new SourceWatch(harness.Graph);
        var judge = new HealthJudge("Test", new PipelineOptions { Health = { MissedCheckpoints = 0 } }, harness.Time) { HasRun = true };
        _topic.Send("s0", Row(1));
        harness.Run();
        Pass(harness, 20);
        Assert.Equal((PipelineHealth.Healthy, null), judge.Judge(PipelineState.Running, null, harness.Graph, watch));
        Pass(harness, 20);
        Assert.Equal((PipelineHealth.Degraded, watch.Problem), judge.Judge(PipelineState.Running, null, harness.Graph, watch));
        Assert.Contains(
            "the splits s1 (subtask 0) have never had a row, and hold event time back. If a split may have no rows for a long time, set Idle",
            watch.Problem,
            StringComparison.Ordinal);
        _topic.Send("s1", Row(3));
        harness.Run();
        Pass(harness, 10);
        Assert.Equal((PipelineHealth.Healthy, null), judge.Judge(PipelineState.Running, null, harness.Graph, watch));
    }

    private static Click Row(int second) => new("ann", Noon.AddSeconds(second), 1);

    private static void Pass<T>(StreamingHarness<T> harness, int seconds)
        where T : class, Penstock.IPipeline
    {
        for (var second = 0; second < seconds; second++)
        {
            harness.AdvanceClock(TimeSpan.FromSeconds(1));
        }
    }

    private StreamingHarness<CountPipeline> Start(int parallelism) =>
        new(new PipelineOptions { Parallelism = parallelism, BatchSize = 4 }, _topic, log: _logs);

    private IEnumerable<string> Warnings() =>
        _logs.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text);
}
