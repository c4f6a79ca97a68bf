using System.Buffers;
using Penstock.State;
using Penstock.Time;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>The slices of windows that overlap, without a pipeline around them.</summary>
public sealed class SliceTableTests
{
    private const int Size = 60;
    private const int Step = 5;

    private readonly StateBudget _budget = new("Test", null);
    private readonly SubtaskCounters _counters = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 17)]
    [InlineData(1, 17)]
    public void Windows_have_the_sums_of_a_plain_loop(int form, int lateness)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var slices = Create((WindowForm)form, lateness);
            var rows = new List<(long Key, long Time, long Watermark)>();
            var results = new Dictionary<(long Key, long End), int>();
            var watermark = 0L;
            Fire(slices, watermark, results);
            for (var i = 0; i < 600; i++)
            {
                var row = (Key: (long)random.Next(5), Time: watermark + random.Next(-80, 40), Watermark: watermark);
                if (Add(slices, row.Key, row.Time))
                {
                    rows.Add(row);
                }

                if (i % 3 == 0)
                {
                    TakeLate(slices, results);
                }

                if (random.Next(4) == 0)
                {
                    TakeLate(slices, results);
                    watermark += random.Next(30) == 0 ? random.Next(200) : random.Next(12);
                    Fire(slices, watermark, results);
                }
            }

            TakeLate(slices, results);
            Fire(slices, Watermarks.End, results);
            Assert.Equal(
                rows.SelectMany(row => Ends((WindowForm)form, row.Time)
                        .Where(end => end + lateness > row.Watermark)
                        .Select(end => (row.Key, end)))
                    .CountBy(static window => window)
                    .Select(static window => (window.Key.Key, window.Key.end, window.Value))
                    .Order(),
                results.Select(static window => (window.Key.Key, window.Key.End, window.Value)).Order());

            // Keys that are gone cost nothing.
            Assert.Equal(0, _budget.For("Slices").Keys);
            Assert.Empty(FrozenSlices.ReadHeader(new ReadOnlySequence<byte>(SavedParts.BytesOf(slices))).Slices);
        }
    }

    [Fact]
    public void Steady_rows_allocate_nothing()
    {
        var slices = Create(WindowForm.Sliding, lateness: 0);
        var time = Run(slices, 0, 4 * Size);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(slices, time, 20 * Size);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_long_window_merges_each_slice_a_few_times()
    {
        var merges = new StrongBox();
        var slices = Create(WindowForm.Sliding, lateness: 0, size: 3600 * Step, merges);
        var windows = 0;
        for (var time = 0L; time < 5 * 3600 * Step; time += Step)
        {
            Assert.True(Add(slices, 1, time));
            while (slices.TryTakeDue(time, out _))
            {
                var unfired = slices.Unfired();
                while (unfired.MoveNext())
                {
                    windows++;
                }

                slices.Done();
            }
        }

        Assert.InRange(merges.Value, windows, 3 * windows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Subtasks_that_were_not_equally_far_fire_the_rest_of_their_windows_once(bool aheadFirst)
    {
        var ahead = Create(WindowForm.Sliding, lateness: 0);
        var behind = Create(WindowForm.Sliding, lateness: 0);
        var before = new Dictionary<(long Key, long End), int>();
        var keys = Enumerable.Range(0, 40).Select(static key => (long)key).ToLookup(key => Ahead.Owns(new LongKey(key)));
        foreach (var (slices, watermark, own) in new[] { (ahead, 33L, keys[true]), (behind, 12L, keys[false]) })
        {
            foreach (var key in own)
            {
                Assert.True(Add(slices, key, key % 9));
            }

            Fire(slices, watermark, before);
        }

        var both = Create(WindowForm.Sliding, lateness: 0);
        foreach (var (slices, range) in aheadFirst ? [(ahead, Ahead), (behind, Behind)] : new[] { (behind, Behind), (ahead, Ahead) })
        {
            ((IStatePart)both).Restore(
                ((IStatePart)both).Schema,
                range,
                [new ReadOnlySequence<byte>(SavedParts.BytesOf(slices))]);
        }

        ((IStatePart)both).Restored();
        Assert.True(((IDueState)both).IsDue);
        Assert.False(((IDueState)both).CanBeSaved);
        var after = new Dictionary<(long Key, long End), int>();
        Fire(both, Watermarks.None, after);
        Assert.True(((IDueState)both).CanBeSaved);
        Assert.NotEmpty(after);
        Assert.All(after, window => Assert.False(Ahead.Owns(new LongKey(window.Key.Key))));
        Fire(both, Watermarks.End, after);
        Assert.Empty(before.Keys.Intersect(after.Keys));
        Assert.Equal(
            Enumerable.Range(0, 40).SelectMany(static key => Ends(WindowForm.Sliding, key % 9).Select(end => ((long)key, end))).Order(),
            before.Keys.Concat(after.Keys).Order());
    }

    private static KeyRange Ahead => new(0, 2, 128);

    private static KeyRange Behind => new(1, 2, 128);

    private static IEnumerable<long> Ends(WindowForm form, long time)
    {
        var slice = (long)Math.Floor(time / (double)Step) * Step;
        var last = form == WindowForm.Sliding ? slice + Size : ((long)Math.Floor(time / (double)Size) + 1) * Size;
        for (var end = slice + Step; end <= last; end += Step)
        {
            yield return end;
        }
    }

    private static long Run(SliceTable<LongKey, StateCell<int>, IntCodec, Adder> slices, long from, long length)
    {
        for (var time = from; time < from + length; time++)
        {
            for (var key = 0; key < 3; key++)
            {
                Add(slices, key, time);
            }

            while (slices.TryTakeDue(time, out _))
            {
                var unfired = slices.Unfired();
                while (unfired.MoveNext())
                {
                }

                slices.Done();
            }
        }

        return from + length;
    }

    private static bool Add(SliceTable<LongKey, StateCell<int>, IntCodec, Adder> slices, long key, long time)
    {
        if (slices.At(time, Watermarks.None) is not { } slice)
        {
            return false;
        }

        var hash = LongKey.Hash(new LongKey(key), slices.Secret);
        var known = slice.Count;
        slice.GetOrAdd(new LongKey(key), hash).Value++;
        if (slice.HasFired)
        {
            slices.Changed(slice, new LongKey(key), hash, known);
        }

        return true;
    }

    private static void TakeLate(
        SliceTable<LongKey, StateCell<int>, IntCodec, Adder> slices,
        Dictionary<(long Key, long End), int> results)
    {
        while (slices.TryTakeLate(out var late))
        {
            Assert.Equal(late.Kind == RowKind.UpdateAfter, results.ContainsKey((late.Key.Value, late.Window.End)));
            results[(late.Key.Value, late.Window.End)] = slices.Merged.Value;
        }
    }

    private static void Fire(
        SliceTable<LongKey, StateCell<int>, IntCodec, Adder> slices,
        long watermark,
        Dictionary<(long Key, long End), int> results)
    {
        var keys = 0;
        while (slices.TryTakeDue(watermark, out var window))
        {
            var unfired = slices.Unfired();
            var isPaused = false;
            while (!isPaused && unfired.MoveNext())
            {
                results.Add((unfired.Key.Value, window.End), slices.Merged.Value);
                if (++keys % 3 == 0)
                {
                    slices.Pause(in unfired);
                    Assert.False(((IDueState)slices).CanBeSaved);
                    isPaused = true;
                }
            }

            if (!isPaused)
            {
                slices.Done();
            }
        }
    }

    private SliceTable<LongKey, StateCell<int>, IntCodec, Adder> Create(
        WindowForm form,
        long lateness,
        long size = Size,
        StrongBox? merges = null) => new(
        "Slices",
        new KeyRange(0, 1, 128),
        _counters,
        _budget.For("Slices"),
        _budget.For("Slices", "aggregates", countsKeys: false),
        TableSecret.None,
        form,
        size,
        Step,
        0,
        lateness,
        new Adder(merges ?? new StrongBox()));

    private sealed class StrongBox
    {
        public int Value { get; set; }
    }

    private readonly struct Adder(StrongBox merges) : IStateMerger<StateCell<int>>
    {
        public void Merge(ref StateCell<int> state, in StateCell<int> other)
        {
            state.Value += other.Value;
            merges.Value++;
        }
    }
}
