using System.Globalization;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>Copies clicks as they arrive.</summary>
[Pipeline]
public sealed partial class CopyPipeline
{
    [FileSource("clicks.csv")]
    [FileSink("copy.csv")]
    public partial Stream<Click> Clicks { get; }
}

/// <summary>Sources that read splits concurrently: their order, their idleness, new splits and their ends.</summary>
public sealed class StreamingSourceTests
{
    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly LiveTopic<Click> _topic = new();

    [Fact]
    public void Rows_come_in_the_order_in_which_they_arrived()
    {
        _topic.Add("s0", "s1", "s2");
        using var harness = new StreamingHarness<CopyPipeline>(_topic);
        for (var value = 0; value < 50; value++)
        {
            _topic.SendSilently("s" + (value / 3 % 3), Row(value));
        }

        _topic.Send("s0", Row(50));
        harness.Run();
        Assert.Equal(Enumerable.Range(0, 51), Values(harness));
    }

    [Fact]
    public void A_row_is_on_its_way_at_once_and_no_timer_is_waited_for()
    {
        _topic.Add("s0");
        using var harness = new StreamingHarness<CopyPipeline>(_topic);
        for (var value = 0; value < 10; value++)
        {
            _topic.Send("s0", Row(value));
            harness.Run();
            Assert.Equal([value], Values(harness));
        }

        // If no notification arrives, the timer finds the split: a lost notification costs time, but no rows.
        _topic.SendSilently("s0", Row(10));
        harness.Run();
        Assert.Empty(Values(harness));
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.Equal([10], Values(harness));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_waking_split_and_a_new_one_hold_back_the_watermark_from_their_first_row(bool isFound)
    {
        // Two subtasks. All rows have one key, and so one target.
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic, parallelism: 2);
        _topic.Send("s0", new Click("ann", Noon.AddSeconds(3), 1));
        _topic.Send("s1", new Click("ann", Noon.AddSeconds(3), 1));
        harness.Run();
        harness.AdvanceClock(TimeSpan.FromSeconds(31));
        harness.AdvanceClock(TimeSpan.FromSeconds(31));

        // More than a batch, all within the window. The first batch is sent before the rest is read, and the other subtask passes the end
        // of the window.
        if (isFound)
        {
            _topic.Add("s2");
            _topic.SendSilently("s0", [.. Enumerable.Repeat(new Click("ann", Noon.AddSeconds(4), 1), 4)]);
            _topic.SendSilently("s2", [.. Enumerable.Repeat(new Click("ann", Noon.AddSeconds(3), 1), 2)]);
            _topic.SendSilently("s1", new Click("ann", Noon.AddSeconds(13), 1));
            _topic.Announce("s2");
        }
        else
        {
            _topic.SendSilently("s0", [.. Enumerable.Repeat(new Click("ann", Noon.AddSeconds(4), 1), 6)]);
            _topic.Send("s1", new Click("ann", Noon.AddSeconds(13), 1));
        }

        harness.Run();
        Assert.Empty(harness.Read<Click>(nameof(ClicksPipeline.Late)));
        _topic.Send("s0", new Click("ann", Noon.AddSeconds(13), 1));
        if (isFound)
        {
            _topic.Send("s2", new Click("ann", Noon.AddSeconds(13), 1));
        }

        harness.Run();
        Assert.Equal([8], harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)).Select(static counted => counted.Count));
        Assert.Empty(harness.Read<Click>(nameof(ClicksPipeline.Late)));
    }

    [Fact]
    public void A_split_at_its_end_becomes_idle_while_another_one_is_busy()
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic);
        _topic.Send("s0", Row(1));
        harness.Run();

        // Rows for more than the 30 seconds after which a split is idle: there is always another row, so the source never runs out of rows.
        _topic.SendSilently("s1", [.. Enumerable.Range(0, 4000).Select(static second => Row(second, second / 100))]);
        _topic.Send("s1");
        for (var step = 0; step < 800; step++)
        {
            Assert.True(harness.Step());
            harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.NotEmpty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
    }

    [Fact]
    public void Silence_of_a_source_that_cannot_know_is_not_idleness()
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic);
        _topic.IsReachable = false;
        _topic.Send("s1", [.. Enumerable.Range(0, 60).Select(static second => Row(second, second))]);
        harness.Run();
        harness.AdvanceClock(TimeSpan.FromMinutes(5));
        Assert.Empty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));

        _topic.IsReachable = true;
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.Empty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
        harness.AdvanceClock(TimeSpan.FromSeconds(15));

        // The other split is not idle. Otherwise both would be, and the watermark would not advance.
        _topic.Send("s1", Row(60, 60));
        harness.AdvanceClock(TimeSpan.FromSeconds(14));
        Assert.Empty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
        harness.AdvanceClock(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
    }

    [Fact]
    public void A_split_that_was_empty_at_a_checkpoint_moves_time_when_it_gets_rows()
    {
        _topic.Add("s0");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic);
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        harness.Checkpoint();
        harness.Crash();
        harness.Start();
        _topic.Send("s0", [.. Enumerable.Range(0, 60).Select(static second => Row(second, second))]);
        harness.Run();
        Assert.NotEmpty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void When_all_become_idle_at_once_time_is_that_of_the_furthest(int parallelism)
    {
        _topic.Add("s0", "s1", "s2", "s3");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic, parallelism);
        for (var split = 0; split < 4; split++)
        {
            // 12:00:45, 12:00:30, 12:00:15, 12:00:00: the furthest split becomes idle first.
            _topic.SendSilently($"s{split}", Row(split, (3 - split) * 15));
        }

        _topic.Send("s0");
        harness.Run();
        Assert.Empty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        harness.AdvanceClock(TimeSpan.FromMinutes(1));
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.Equal([1L, 2L, 3L], harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)).Select(static row => row.Sum).Order());
        Assert.Empty(harness.Read<Click>(nameof(ClicksPipeline.Late)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_split_that_had_ended_before_a_restart_counts_among_the_furthest(int parallelism)
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic, parallelism);
        _topic.SendSilently("s1", Row(1, 5));
        _topic.Send("s0", Row(0, 45));
        _topic.End("s0");
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        harness.Checkpoint();
        harness.Crash();
        harness.Start();
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        harness.AdvanceClock(TimeSpan.FromMinutes(1));
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.Equal([1L], harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)).Select(static row => row.Sum));
    }

    [Fact]
    public void A_subtask_without_splits_does_not_delay_windows()
    {
        _topic.Add("s0");
        using var harness = new StreamingHarness<ClicksPipeline>(_topic, parallelism: 3);
        _topic.Send("s0", [.. Enumerable.Range(0, 60).Select(static second => Row(second, second))]);
        harness.Run();
        Assert.NotEmpty(harness.Read<UserClicks>(nameof(ClicksPipeline.Counts)));
        Assert.False(harness.HasEnded);
    }

    [Fact]
    public void A_bounded_source_ends_with_its_last_split_and_one_without_splits_at_once()
    {
        _topic.IsUnbounded = false;
        using (var nothing = new StreamingHarness<CopyPipeline>(_topic, parallelism: 2))
        {
            Assert.True(nothing.HasEnded);
        }

        _topic.Crash();
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<CopyPipeline>(_topic);
        _topic.End("s0");
        _topic.Send("s1", Row(1));
        harness.Run();
        Assert.False(harness.HasEnded);
        _topic.End("s1");
        harness.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.True(harness.HasEnded);
        Assert.Equal([1], Values(harness));
    }

    [Fact]
    public void Splits_that_come_while_the_pipeline_runs_are_read_from_their_beginning_by_one_subtask()
    {
        _topic.Add("s0");
        using var harness = new StreamingHarness<CopyPipeline>(_topic, parallelism: 2);
        _topic.Add("s1", "s2");
        _topic.Send("s1", Row(1));
        _topic.Send("s2", Row(2));
        harness.Run();
        Assert.Empty(Values(harness));

        // Reported twice, and for a known split.
        _topic.Announce("s0", "s1", "s2");
        harness.Run();
        _topic.Announce("s1", "s2");
        harness.Run();
        Assert.Equal([1, 2], Values(harness).Order());
        Assert.Equal(["s1", "s2"], _topic.OpenedNew.Order());
        Assert.Equal([(0, "s0"), (0, "s2"), (1, "s1")], _topic.Opened.Order());
    }

    [Fact]
    public void Splits_that_came_while_nothing_ran_are_read_from_their_beginning_and_at_the_first_start_none_is_new()
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<CopyPipeline>(_topic);
        Assert.Empty(_topic.OpenedNew);
        _topic.Send("s0", Row(1));
        harness.Run();
        harness.Checkpoint();
        harness.Crash();

        _topic.Add("s2");
        _topic.SendSilently("s2", Row(2));
        harness.Start();
        Assert.Equal(["s2"], _topic.OpenedNew);
        harness.Checkpoint();
        Assert.Equal([1, 2], Committed(harness));
    }

    [Fact]
    public void At_another_parallelism_every_row_is_there_once_and_the_split_alone_says_who_reads_it()
    {
        _topic.Add("s0", "s1", "s2", "s3", "s4");
        using var harness = new StreamingHarness<CopyPipeline>(_topic, parallelism: 3);
        var sent = 0;
        foreach (var parallelism in (int[])[1, 5, 2, 3])
        {
            for (var count = 0; count < 40; count++)
            {
                _topic.Send("s" + (sent % 5), Row(sent++));
            }

            harness.Run();
            harness.Checkpoint();

            // Rows that are not in a checkpoint are read again.
            _topic.Send("s3", Row(sent++));
            harness.Run();
            harness.Crash();
            _topic.Opened.Clear();
            harness.Start(parallelism);
            Assert.All(
                _topic.Opened,
                opened => Assert.Equal(int.Parse(opened.Split.AsSpan(1), CultureInfo.InvariantCulture) % parallelism, opened.Source));
            Assert.Equal(5, _topic.Opened.Count);
        }

        harness.Checkpoint();
        Assert.Equal(Enumerable.Range(0, sent), Committed(harness).Order());
    }

    [Fact]
    public void A_source_is_notified_of_the_positions_in_a_completed_checkpoint()
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<CopyPipeline>(_topic, parallelism: 2);
        _topic.Send("s0", Row(1), Row(2));
        harness.Run();
        Assert.Empty(_topic.Completed);
        harness.Checkpoint();
        Assert.Equal(["s0:2", "s1:0"], _topic.Completed.Order());
    }

    [Fact]
    public void Rows_that_go_through_allocate_nothing()
    {
        _topic.Add("s0", "s1");
        using var harness = new StreamingHarness<WidePipeline>(_topic);
        var rows = Enumerable.Range(0, 200).Select(static value => Row(value % 7)).ToArray();
        for (var round = 0; round < 300; round++)
        {
            _topic.SendSilently("s" + (round % 2), rows);
        }

        // The first rows find buffers too small. From there on nothing is allocated, except by the sink of the test, which keeps its rows.
        _topic.Send("s0");
        for (var step = 0; step < 3000; step++)
        {
            harness.Step();
        }

        var least = long.MaxValue;
        for (var part = 0; part < 20; part++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < 200; step++)
            {
                harness.Step();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.True(harness.Step(), "The rows came to an end before the measurement.");
        Assert.Equal(0, least);
    }

    private static Click Row(int value, int second = 0) => new("u" + (value % 5), Noon.AddSeconds(second), value);

    private static IEnumerable<int> Values(StreamingHarness<CopyPipeline> harness) =>
        harness.Read<Click>(nameof(CopyPipeline.Clicks)).Select(static row => row.Value);

    private static IEnumerable<int> Committed(StreamingHarness<CopyPipeline> harness) =>
        harness.Committed<Click>(nameof(CopyPipeline.Clicks)).Select(static row => row.Value);
}
