using System.Buffers;
using Penstock.State;
using Penstock.Time;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>Windows that several subtasks have saved, one of which had advanced further than the other.</summary>
public sealed class RestoredWindowsTests
{
    private static readonly (long Watermark, (long Start, bool HasFired)[] Open) Ahead = (12, [(0, true)]);
    private static readonly (long Watermark, (long Start, bool HasFired)[] Open) Behind = (3, [(0, false)]);

    private readonly SubtaskCounters _counters = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_window_that_one_of_them_has_fired_and_closed_does_not_open_again(bool aheadFirst)
    {
        var windows = Restore(lateness: 0, aheadFirst, (Ahead.Watermark, []), (Behind.Watermark, []));
        Assert.Null(windows.At(5, long.MinValue));
        Assert.Equal(1, _counters.Late);
        Assert.NotNull(windows.At(15, long.MinValue));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_window_that_one_of_them_has_not_fired_fires_once_and_is_closed_once(bool aheadFirst)
    {
        var windows = Restore(lateness: 20, aheadFirst, Ahead, Behind);
        Assert.True(windows.TryTakeDue(12, out var due));
        Assert.Equal((0, false), (due.Start, due.HasFired));
        var unfired = due.Unfired();
        Assert.False(unfired.MoveNext());
        windows.Done(due, in unfired);
        Assert.False(windows.TryTakeDue(29, out _));
        Assert.NotNull(windows.At(5, long.MinValue));
        Assert.False(windows.TryTakeDue(30, out _));
        Assert.Null(windows.At(5, long.MinValue));
        Assert.Empty(((IWindowSet)windows).Open);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void The_end_of_input_closes_the_windows_that_are_open_and_no_others(long lateness)
    {
        var before = Restore(lateness, aheadFirst: true, (3, []), (3, []));
        before.At(12, long.MinValue)!.GetOrAdd(new LongKey(1), 1);
        while (before.TryTakeDue(Watermarks.End, out var due))
        {
            var unfired = due.Unfired();
            while (unfired.MoveNext())
            {
            }

            before.Done(due, in unfired);
        }

        Assert.Equal(20, before.Reached);
        var after = Restore(lateness, aheadFirst: true, (3, []), (3, []));
        ((IStatePart)after).RestoreHead(new ReadOnlySequence<byte>(SavedParts.BytesOf(before)));
        Assert.Null(after.At(12, long.MinValue));
        Assert.NotNull(after.At(20, long.MinValue));
    }

    private WindowTable<LongKey, StateCell<int>, IntCodec> Restore(
        long lateness,
        bool aheadFirst,
        (long Watermark, (long Start, bool HasFired)[] Open) ahead,
        (long Watermark, (long Start, bool HasFired)[] Open) behind)
    {
        var memory = new StateBudget("Test", null).For("Windows");
        var windows = new WindowTable<LongKey, StateCell<int>, IntCodec>(
            "Windows",
            new KeyRange(0, 2, 128),
            _counters,
            memory,
            TableSecret.None,
            10,
            0,
            lateness);
        foreach (var (watermark, open) in aheadFirst ? [ahead, behind] : new[] { behind, ahead })
        {
            // The keys of the other half: only the head of the saved data is read.
            ((IStatePart)windows).RestoreHead(Head(watermark, open));
        }

        return windows;
    }

    // The format of release 0.1, without the time up to which windows are closed.
    private static ReadOnlySequence<byte> Head(long watermark, (long Start, bool HasFired)[] open)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(watermark);
        writer.Write(open.Length);
        foreach (var (start, hasFired) in open)
        {
            writer.Write(start);
            writer.Write(hasFired);
        }

        return new ReadOnlySequence<byte>(bytes.ToArray());
    }
}
