using CsCheck;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Engine;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>What people are shown of event time: how far it has come, and who holds it back.</summary>
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
                using var rig = new StreamingRig<CountPipeline>(topic, parallelism);
                using var watch = new SourceWatch(rig.Graph);
                var newest = new int?[3];
                foreach (var (split, second) in sent)
                {
                    topic.Send($"s{split}", Row(second));
                    rig.Run();
                    newest[split] = Math.Max(newest[split] ?? second, second);
                    DateTimeOffset? expected = Array.TrueForAll(newest, static known => known != null) ? Noon.AddSeconds(newest.Min()!.Value) - Delay : null;
                    Assert.Equal(expected, watch.Watermark);
                    Assert.Equal(expected, watch.WatermarkOf(Clicks));
                }
            },
            iter: 100);

    [Fact]
    public void A_split_that_wakes_up_behind_the_others_does_not_take_the_watermark_back()
    {
        _topic.Add("s0", "s1");
        using var rig = new StreamingRig<ClicksPipeline>(_topic);
        using var watch = new SourceWatch(rig.Graph);
        _topic.Send("s1", Row(1));
        _topic.Send("s0", Row(20));
        rig.Run();
        rig.AdvanceClock(TimeSpan.FromSeconds(31));
        rig.AdvanceClock(TimeSpan.FromSeconds(31));
        Assert.Equal(Noon.AddSeconds(18), watch.Watermark);
        _topic.Send("s0", Row(30));
        rig.Run();
        Assert.Equal(Noon.AddSeconds(28), watch.Watermark);
        _topic.Send("s1", Row(2));
        rig.Run();
        Assert.Equal(Noon.AddSeconds(28), watch.Watermark);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Splits_that_never_had_a_row_are_named_once(int parallelism)
    {
        _topic.Add("s0", "s1", "s2", "s3");
        using var rig = Start(parallelism);
        using var watch = new SourceWatch(rig.Graph);
        _topic.Send("s0", Row(1));
        _topic.Send("s2", Row(2));
        rig.Run();
        Pass(rig, 20);
        Assert.Empty(watch.HeldBackBy(Clicks));
        Pass(rig, 20);
        Assert.Equal(["s1", "s3"], watch.HeldBackBy(Clicks));
        Pass(rig, 100);
        Assert.Contains(
            "Source Clicks of pipeline CountPipeline: the splits s1, s3 have never had a row, and hold event time back while others have come to 2001-01-01T12:00:00.0000000+00:00.",
            Assert.Single(Warnings()),
            StringComparison.Ordinal);

        // They are measured for as long as they wait.
        Assert.Equal(["s1", "s3"], watch.Holding.Select(static hold => hold.Split));
        Assert.All(watch.Holding, static hold => Assert.InRange(hold.For, TimeSpan.FromSeconds(130), TimeSpan.FromSeconds(140)));
        _topic.Send("s1", Row(3));
        _topic.Send("s3", Row(3));
        rig.Run();
        Pass(rig, 100);
        Assert.Empty(watch.HeldBackBy(Clicks));
        Assert.Single(Warnings());
    }

    [Fact]
    public void A_split_that_stops_is_named_when_others_go_on_and_not_when_all_are_quiet()
    {
        _topic.Add("s0", "s1");
        using var rig = Start(1);
        using var watch = new SourceWatch(rig.Graph);
        _topic.Send("s0", Row(1));
        _topic.Send("s1", Row(2));
        rig.Run();
        Pass(rig, 100);
        Assert.Empty(watch.HeldBackBy(Clicks));
        for (var second = 3; second < 50; second++)
        {
            _topic.Send("s1", Row(second));
            Pass(rig, 1);
        }

        Assert.Equal(["s0"], watch.HeldBackBy(Clicks));
        Assert.Contains("the splits s0 have had none since 2001-01-01T11:59:59.0000000+00:00", Assert.Single(Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public void Idle_splits_hold_nothing_back_and_a_source_nobody_waits_for_is_left_alone()
    {
        _topic.Add("s0", "s1");
        using (var rig = new StreamingRig<ClicksPipeline>(new PipelineOptions { BatchSize = 4 }, _topic, log: _logs))
        {
            using var watch = new SourceWatch(rig.Graph);
            _topic.Send("s0", Row(1));
            rig.Run();
            Pass(rig, 100);
            Assert.Empty(watch.HeldBackBy(Clicks));
        }

        _topic.Crash();
        using var copy = new StreamingRig<CopyPipeline>(new PipelineOptions { BatchSize = 4 }, _topic, log: _logs);
        using var copied = new SourceWatch(copy.Graph);
        Pass(copy, 100);
        Assert.Null(copied.Watermark);
        Assert.Empty(copied.HeldBackBy(Clicks));
        Assert.Empty(Warnings());
    }

    private static Click Row(int second) => new("ann", Noon.AddSeconds(second), 1);

    private static void Pass<T>(StreamingRig<T> rig, int seconds)
        where T : class, Penstock.Tasks.IPipeline
    {
        for (var second = 0; second < seconds; second++)
        {
            rig.AdvanceClock(TimeSpan.FromSeconds(1));
        }
    }

    private StreamingRig<CountPipeline> Start(int parallelism) => new(new PipelineOptions { Parallelism = parallelism, BatchSize = 4 }, _topic, log: _logs);

    private IEnumerable<string> Warnings() => _logs.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text);
}
