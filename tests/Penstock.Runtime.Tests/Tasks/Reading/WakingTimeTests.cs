using Penstock.Checkpoints;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>Windows over the results of windows, of a source that is idle at times.</summary>
public sealed class WakingTimeTests
{
    private const int Users = 20;
    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void When_a_source_wakes_up_no_result_of_a_window_is_late_in_the_window_behind_it(int unscheduled)
    {
        // Two subtasks each: 0 and 1 read, 2 and 3 count clicks, 4 and 5 count counts.
        var topic = new LiveTopic<Click>();
        topic.Add("s0", "s1");
        using var harness = new StreamingHarness<IdleMinutesPipeline>(topic, parallelism: 2);
        topic.Send("s0", [.. Enumerable.Range(0, Users).Select(static user => new Click($"u{user}", Noon.AddSeconds(3), 1))]);
        harness.Run();
        harness.AdvanceClock(TimeSpan.FromSeconds(31));
        harness.AdvanceClock(TimeSpan.FromSeconds(31));

        // All are idle. One subtask of the first window is slow when a row advances the watermark past both windows.
        harness.Unscheduled = unscheduled;
        topic.Send("s1", new Click("u0", Noon.AddSeconds(75), 1));
        harness.Run();
        harness.AdvanceClock(TimeSpan.FromMilliseconds(100));
        harness.Unscheduled = null;
        harness.Run();
        harness.Checkpoint(CheckpointMode.Drain);
        Assert.Equal(Users + 1, harness.Committed<UserClicks>(nameof(IdleMinutesPipeline.Counts)).Count);
        Assert.Equal(Users + 1, harness.Committed<MinuteCount>(nameof(IdleMinutesPipeline.Minutes)).Sum(static minute => minute.Windows));
    }
}

/// <summary>The number of windows with a count in a minute.</summary>
public readonly record struct MinuteCount(int Count, DateTimeOffset Start, int Windows);

/// <summary>Windows over windows, of a stream that may be idle.</summary>
[Pipeline]
public sealed partial class IdleMinutesPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s", Idle = "30s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountClicks>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }

    [Apply<CountWindows>(nameof(Counts))]
    [FileSink("minutes.csv")]
    public partial Stream<MinuteCount> Minutes { get; }
}

[Operator, KeyBy(nameof(UserClicks.Count)), TumblingWindow("1m")]
public sealed partial class CountWindows
{
    [State] private partial ref int Windows { get; }

    [Accumulate]
    private void Add(in UserClicks clicks) => Windows++;

    [Fire]
    private MinuteCount Close(in Window<int> window) => new(window.Key, window.Start, Windows);
}
