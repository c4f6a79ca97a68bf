using Penstock.State;
using Penstock.Streams;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>Memory that a burst has used is released after it, and memory that is always needed is not.</summary>
public sealed class GivenBackTests
{
    [Fact]
    public void Batches_beyond_those_that_are_needed_all_the_time()
    {
        var pool = new BatchPool<long>(capacity: 1024, maxFree: 8);
        var batches = RentAndReturn(pool, 2000);
        GC.Collect();
        Assert.Equal(8, batches.Count(static batch => batch.IsAlive));
        var kept = pool.Rent();
        kept.Release();
        Assert.Same(kept, Enumerable.Range(0, 8).Select(_ => pool.Rent()).ToList()[^1]);
    }

    [Fact]
    public void The_buffer_of_a_row_that_made_millions()
    {
        var rows = new RowBuffer<long>();
        var output = new Output<long>(rows);
        for (var row = 0L; row < 2_000_000; row++)
        {
            output.Emit(in row);
        }

        Assert.Equal(2_000_000, rows.Count);
        Assert.InRange(rows.Capacity, 2_000_000, int.MaxValue);
        rows.Clear();
        Assert.InRange(rows.Capacity, 1, 100);
        output.Emit(5);
        Assert.Equal((1, 5), (rows.Count, rows.Rows[0]));

        // A buffer of the usual size is kept.
        for (var row = 0L; row < 10_000; row++)
        {
            output.Emit(in row);
        }

        rows.Clear();
        Assert.InRange(rows.Capacity, 10_000, 20_000);
    }

    [Fact]
    public void The_table_of_a_window_of_millions_of_keys()
    {
        const int Most = 64 << 20;
        var budget = new StateBudget("Test", null);
        var windows = new WindowTable<LongKey, StateCell<int>, IntCodec>(
            "Windows",
            new KeyRange(0, 1, 128),
            new SubtaskCounters(),
            budget.For("Windows"),
            TableSecret.None,
            10,
            0,
            0);
        Fire(windows, start: 0, keys: 3_000_000);
        Assert.InRange(budget.Bytes, 0, 100_000);

        // Small buffers are reused.
        Fire(windows, start: 10, keys: 1000);
        var small = budget.Bytes;
        Fire(windows, start: 20, keys: 1000);
        Assert.Equal(small, budget.Bytes);

        // Many buffers that are neither small nor large.
        for (var start = 30; start < 630; start += 10)
        {
            Fill(windows, start, 100_000);
        }

        Assert.InRange(budget.Bytes, 2 * Most, long.MaxValue);
        FireAll(windows);
        Assert.InRange(budget.Bytes, Most / 2, Most);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static List<WeakReference> RentAndReturn(BatchPool<long> pool, int count)
    {
        var batches = Enumerable.Range(0, count).Select(_ => pool.Rent()).ToList();
        batches.ForEach(static batch => batch.Release());
        return batches.ConvertAll(static batch => new WeakReference(batch));
    }

    private static void Fire(WindowTable<LongKey, StateCell<int>, IntCodec> windows, long start, int keys)
    {
        Fill(windows, start, keys);
        FireAll(windows, start + 10);
    }

    private static void Fill(WindowTable<LongKey, StateCell<int>, IntCodec> windows, long start, int keys)
    {
        var pane = windows.At(start, long.MinValue)!;
        for (var number = 0; number < keys; number++)
        {
            var key = new LongKey(number);
            pane.GetOrAdd(key, LongKey.Hash(key, windows.Secret));
        }
    }

    private static void FireAll(WindowTable<LongKey, StateCell<int>, IntCodec> windows, long watermark = long.MaxValue)
    {
        while (windows.TryTakeDue(watermark, out var due))
        {
            windows.Done(due, due.Unfired());
        }
    }
}
