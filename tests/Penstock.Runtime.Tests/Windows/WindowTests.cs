using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>When windows fire, and which rows are late: the rules of event time, one by one.</summary>
public class WindowTests
{
    private const string Clicks = nameof(ClicksPipeline.Clicks);
    private const string Counts = nameof(ClicksPipeline.Counts);
    private const string Late = nameof(ClicksPipeline.Late);

    [Fact]
    public void A_window_fires_when_the_newest_row_less_the_delay_reaches_its_end()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, At(1), At(9), At(11.999));
        Assert.Empty(test.Read<UserClicks>(Counts));
        test.Send(Clicks, At(12));
        Assert.Equal([new UserClicks("ann", Start(0), 2, 2)], test.Read<UserClicks>(Counts));
    }

    [Fact]
    public void A_row_is_late_once_earlier_rows_have_closed_its_window()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, At(12), At(9.5), At(11));
        Assert.Equal([At(9.5)], test.Read<Click>(Late));
        Assert.Equal(1, test.Counters.Late);
        test.End(Clicks);
        Assert.Equal([new UserClicks("ann", Start(10), 2, 2)], test.Read<UserClicks>(Counts));
    }

    [Fact]
    public void A_row_that_moves_time_on_is_itself_never_late()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, At(1), At(500));
        Assert.Empty(test.Read<Click>(Late));
        test.End(Clicks);
        Assert.Equal(2, test.Read<UserClicks>(Counts).Count);
    }

    [Fact]
    public void Each_split_has_a_watermark_of_its_own_and_the_slowest_governs()
    {
        using var test = PipelineTest.For<ClicksPipeline>(splitsPerSource: 2);
        test.SendTo(Clicks, 0, At(1), At(30));
        Assert.Empty(test.Read<UserClicks>(Counts));

        // In the other split, 2 is not late, because the watermark of that split is lower.
        test.SendTo(Clicks, 1, At(2), At(13));
        Assert.Empty(test.Read<Click>(Late));
        Assert.Equal([new UserClicks("ann", Start(0), 2, 2)], test.Read<UserClicks>(Counts));

        // In the first split, 15 is late although the window is still open.
        test.SendTo(Clicks, 0, At(15));
        Assert.Equal([At(15)], test.Read<Click>(Late));
    }

    [Fact]
    public void A_split_at_its_end_for_the_idle_time_does_not_hold_back_the_watermark()
    {
        using var test = PipelineTest.For<ClicksPipeline>(splitsPerSource: 2);
        test.SendTo(Clicks, 1, At(1));
        test.SendTo(Clicks, 0, At(2), At(40));
        Assert.Empty(test.Read<UserClicks>(Counts));
        test.AdvanceClock(TimeSpan.FromSeconds(31));
        test.SendTo(Clicks, 0, At(41), At(52));
        Assert.Equal(2, test.Read<UserClicks>(Counts).Single(counts => counts.Start == Start(0)).Count);

        // A row that arrives after its window was removed is late, whatever the watermark of its split is.
        test.SendTo(Clicks, 1, At(3));
        Assert.Equal([At(3)], test.Read<Click>(Late));
    }

    [Fact]
    public void The_watermark_can_be_moved_by_hand()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, At(1));
        test.AdvanceWatermark(Clicks, Start(10));
        Assert.Single(test.Read<UserClicks>(Counts));
        test.Send(Clicks, At(9));
        Assert.Equal([At(9)], test.Read<Click>(Late));
    }

    [Fact]
    public void With_allowed_lateness_a_window_fires_again_until_it_is_purged()
    {
        using var test = PipelineTest.For<LenientPipeline>();
        test.Send(Clicks, At(1), At(12));
        Assert.Equal([new UserClicks("ann", Start(0), 1, 1)], test.Read<UserClicks>(Counts));
        test.Send(Clicks, At(2));
        Assert.Equal([new UserClicks("ann", Start(0), 2, 2)], test.Read<UserClicks>(Counts));

        // Late rows of a batch cause one result.
        test.Send(Clicks, At(3), At(16.9), At(4));
        Assert.Equal([new UserClicks("ann", Start(0), 4, 4)], test.Read<UserClicks>(Counts));
        test.Send(Clicks, At(17), At(5));
        Assert.Equal([At(5)], test.Read<Click>(Late));
        Assert.Equal(1, test.Counters.Windows);
    }

    [Fact]
    public void Keys_that_first_come_late_to_a_fired_window_fire_too()
    {
        using var test = PipelineTest.For<LenientPipeline>();
        test.Send(Clicks, At(12), At(2, "bob"));
        Assert.Equal([new UserClicks("bob", Start(0), 1, 1)], test.Read<UserClicks>(Counts));
    }

    [Fact]
    public void Times_before_1970_fall_into_windows_too()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, new Click("ann", new DateTime(1969, 12, 31, 23, 59, 55, DateTimeKind.Utc), 1));
        test.End(Clicks);
        Assert.Equal(new DateTimeOffset(1969, 12, 31, 23, 59, 50, TimeSpan.Zero), test.Read<UserClicks>(Counts)[0].Start);
    }

    [Fact]
    public void A_crash_loses_what_is_not_in_a_checkpoint_and_the_replay_brings_it_back()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, At(1), At(2));
        test.Checkpoint();
        test.Send(Clicks, At(3), At(12));
        Assert.Single(test.Read<UserClicks>(Counts));
        Assert.Empty(test.Committed<UserClicks>(Counts));
        test.CrashAndRestore();
        Assert.Equal([new UserClicks("ann", Start(0), 3, 3)], test.Read<UserClicks>(Counts));
        test.Checkpoint();
        Assert.Equal([new UserClicks("ann", Start(0), 3, 3)], test.Committed<UserClicks>(Counts));
    }

    [Fact]
    public void Late_stays_late_after_a_crash()
    {
        using var test = PipelineTest.For<ClicksPipeline>();
        test.Send(Clicks, At(12));
        test.Checkpoint();
        test.CrashAndRestore();
        test.Send(Clicks, At(5));
        Assert.Equal([At(5)], test.Read<Click>(Late));
    }

    internal static Click At(double seconds, string user = "ann") => new(user, Start(seconds).UtcDateTime, 1);

    internal static DateTimeOffset Start(double seconds) => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds);
}
