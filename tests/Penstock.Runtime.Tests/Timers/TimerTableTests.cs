using System.Buffers;
using Penstock.Connectors;
using Penstock.State;
using Penstock.Time;
using Penstock.Timers;

namespace Penstock.Runtime.Tests.Timers;

/// <summary>Timers of one subtask, without a pipeline around them.</summary>
public sealed class TimerTableTests
{
    [Fact]
    public void Timers_that_fired_at_the_end_of_input_do_not_delay_those_of_the_next_run()
    {
        var first = Create();
        Set(first, key: 1, 100, 1_000_000);
        Assert.Equal([100], Fire(first, 200));
        Assert.Equal([1_000_000], Fire(first, Watermarks.End));

        var next = Create();
        Restore(next, Save(first));
        Set(next, key: 2, 500);
        Assert.Empty(Fire(next, 500));
        Assert.Equal([500], Fire(next, 501));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_in_the_middle_of_a_firing_has_the_timers_that_have_not_fired(bool isAtEnd)
    {
        var first = Create();
        Set(first, key: 1, 10, 20, 30, 40);
        Assert.True(first.TryTakeDue(isAtEnd ? Watermarks.End : 35, out _, out var timer, out _));
        Assert.Equal(10, timer);
        first.Set(5);

        var next = Create();
        Restore(next, Save(first));
        Assert.Equal(!isAtEnd, ((IDueState)next).IsDue);
        Assert.Equal(isAtEnd ? [5, 20, 30, 40] : [20, 30], Fire(next, isAtEnd ? Watermarks.End : 35));

        // It was set while the others fired, so it waits for the next advance.
        Assert.Equal(isAtEnd ? [] : [5], Fire(next, isAtEnd ? Watermarks.End : 36));
    }

    [Fact]
    public void A_timer_can_be_deleted_after_a_restart_with_a_subtask_that_had_advanced_further()
    {
        var (behind, ahead) = (Create(), Create());
        Set(behind, key: 1, 100, 101);
        Set(ahead, key: 2, 300);
        Assert.Empty(Fire(ahead, 200));

        var next = Create();
        Restore(next, Save(behind));
        Restore(next, Save(ahead));
        next.Enter(new LongKey(1));
        next.Delete(100);
        Assert.Equal([101], Fire(next, 200));
    }

    [Fact]
    public void Timers_of_the_past_that_belong_to_an_interrupted_advance_fire_before_the_others_after_a_restart()
    {
        var first = Create();
        Set(first, key: 1, 20);
        Assert.Empty(Fire(first, 15));
        Set(first, key: 1, 5, 6, 7);
        Assert.True(first.TryTakeDue(35, out _, out var timer, out var time));
        Assert.Equal((5, 15), (timer, time));
        first.Set(4);

        var next = Create();
        Restore(next, Save(first));
        Assert.True(((IDueState)next).IsDue);
        Assert.True(next.TryTakeDue(Watermarks.None, out _, out timer, out time));
        Assert.Equal((6, 15), (timer, time));
        Assert.Equal([7, 20], Fire(next, Watermarks.None));

        // It was set while the others fired. The watermark of before is no advance.
        Assert.Empty(Fire(next, 35));
        Assert.Equal([4], Fire(next, 36));
    }

    [Fact]
    public void A_timer_of_the_past_that_is_set_again_while_others_fire_fires_once()
    {
        var timers = Create();
        Set(timers, key: 1, 20);
        Assert.Empty(Fire(timers, 15));
        Set(timers, key: 1, 5, 6);
        Assert.True(timers.TryTakeDue(16, out _, out var timer, out _));
        Assert.Equal(5, timer);
        timers.Set(6);
        Assert.Equal([6], Fire(timers, 16));
        Assert.Equal([20], Fire(timers, 30));
    }

    [Fact]
    public void A_timer_that_is_set_again_after_a_restart_with_a_subtask_that_had_advanced_further_fires_once()
    {
        var (behind, ahead) = (Create(), Create());
        Set(behind, key: 1, 100, 101);
        Set(ahead, key: 2, 300);
        Assert.Empty(Fire(ahead, 200));

        var next = Create();
        Restore(next, Save(behind));
        Restore(next, Save(ahead));
        ((IStatePart)next).Restored();
        Set(next, key: 1, 100);
        Assert.Equal([100, 101], Fire(next, 200));
        Assert.Equal([300], Fire(next, 301));
    }

    [Fact]
    public void A_timer_that_is_set_again_after_a_restart_in_the_middle_of_an_advance_fires_once()
    {
        var first = Create();
        Set(first, key: 1, 20, 21);
        Assert.True(first.TryTakeDue(30, out _, out var timer, out _));
        Assert.Equal(20, timer);
        first.Set(20);

        var next = Create();
        Restore(next, Save(first));
        ((IStatePart)next).Restored();
        Set(next, key: 1, 20);
        Assert.Equal([21], Fire(next, 30));
        Assert.Equal([20], Fire(next, 40));
        Assert.Empty(Fire(next, 50));
    }

    [Fact]
    public void Timers_of_the_past_that_the_end_of_input_has_made_due_wait_for_that_end_after_a_restart()
    {
        var first = Create();
        Assert.Empty(Fire(first, 15));
        Set(first, key: 1, 5, 6, 7);
        Assert.True(first.TryTakeDue(Watermarks.End, out _, out var timer, out _));
        Assert.Equal(5, timer);
        first.Set(4);

        var next = Create();
        Restore(next, Save(first));
        Assert.False(((IDueState)next).IsDue);
        Assert.Empty(Fire(next, 15));
        Assert.Equal([4, 6, 7], Fire(next, Watermarks.End));
    }

    [Fact]
    public void One_timer_in_the_far_future_does_not_let_others_set_timers_without_end()
    {
        var timers = Create();
        Set(timers, key: 1, 10, EventTimes.LatestExclusive - 1);
        var fired = 0;
        var error = Assert.Throws<PipelineException>(() =>
        {
            while (timers.TryTakeDue(Watermarks.End, out _, out var timer, out _))
            {
                Assert.True(++fired < 100_000);
                timers.Set(timer + 1);
            }
        });
        Assert.Equal("PSR406", error.Code);
    }

    private static TimerTable<LongKey> Create() =>
        new("Alarms", new KeyRange(0, 1, 128), TableSecret.None, new StateBudget("Test", null).For("Alarms"));

    private static void Set(TimerTable<LongKey> timers, long key, params ReadOnlySpan<long> times)
    {
        timers.Enter(new LongKey(key));
        foreach (var time in times)
        {
            timers.Set(time);
        }
    }

    private static List<long> Fire(TimerTable<LongKey> timers, long watermark)
    {
        var fired = new List<long>();
        while (timers.TryTakeDue(watermark, out _, out var timer, out _))
        {
            fired.Add(timer);
        }

        return fired;
    }

    private static ReadOnlySequence<byte> Save(TimerTable<LongKey> timers)
    {
        var files = new MemoryFileSystem();
        var frozen = ((IStatePart)timers).Freeze(all: true);
        using (var stream = new StateStream(files.Create("state"), new BlockPool()))
        {
            frozen.Write(stream);
            stream.EndPiece();
            stream.Complete();
        }

        frozen.End();
        using var file = files.OpenRead("state");
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return new ReadOnlySequence<byte>(bytes);
    }

    private static void Restore(TimerTable<LongKey> timers, ReadOnlySequence<byte> saved) =>
        ((IStatePart)timers).Restore(((IStatePart)timers).Schema, new KeyRange(0, 1, 128), [saved]);
}
