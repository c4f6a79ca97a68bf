using Penstock.Runtime.Tests.State.Tables;
using Penstock.State;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>Memory of fired keys of a large window is released while its other keys have yet to fire.</summary>
public sealed class GivenUpSegmentsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_table_shows_the_rest_and_keeps_no_more_memory_than_that_needs(int seed)
    {
        GiveUp<AllEqual>(3_000, seed);
        GiveUp<MostlyEqual>(30_000, seed);
        GiveUp<EqualInManySets>(30_000, seed);
        GiveUp<AllDifferent>(200_000, seed);
    }

    [Fact]
    public void A_window_of_millions_of_keys_needs_less_and_less_memory_as_it_fires()
    {
        const int Keys = 3_000_000;
        const int Step = 100_000;
        var budget = new StateBudget("Test", null);
        var counters = new SubtaskCounters();
        var windows = new WindowTable<LongKey, StateCell<int>, IntCodec>(
            "Windows",
            new KeyRange(0, 1, 128),
            counters,
            budget.For("Windows"),
            TableSecret.None,
            10,
            0,
            0);
        var pane = windows.At(0, long.MinValue)!;
        for (var number = 0; number < Keys; number++)
        {
            pane.GetOrAdd(new LongKey(number), LongKey.Hash(new LongKey(number), windows.Secret));
        }

        var whole = budget.Bytes;
        var fired = new HashSet<long>();
        while (windows.TryTakeDue(10, out var due))
        {
            var unfired = due.Unfired();
            var left = Step;
            while (left > 0 && unfired.MoveNext())
            {
                Assert.True(fired.Add(unfired.Current.Key.Value));
                left--;
            }

            if (left > 0)
            {
                windows.Done(due, in unfired);
                continue;
            }

            windows.Pause(due, in unfired);
            Assert.InRange(budget.Bytes, 0, whole * (Keys - fired.Count) / Keys * 1.1 + 1_000_000);
        }

        Assert.Equal((Keys, Keys), (fired.Count, counters.Windows));
        Assert.InRange(budget.Bytes, 0, 100_000);

        // The next window does not get it.
        Assert.Equal(0, windows.At(10, long.MinValue)!.Count);
    }

    private static void GiveUp<TAlike>(int keys, int seed)
        where TAlike : struct, IAlike
    {
        var random = new Random(seed);
        var budget = new StateBudget("Test", null);
        var table = new KeyedTable<ChosenKey<TAlike>, StateCell<long>>(null, budget.For("Table"));
        for (var key = 0L; key < keys; key++)
        {
            table.GetOrAdd(new(key), TAlike.Hash(key)).Value = key;
        }

        var whole = budget.Bytes;
        var left = Enumerable.Range(0, keys).Select(static key => (long)key).ToHashSet();
        var place = TablePlace.Start;
        while (left.Count > 0)
        {
            var rest = new KeyedTable<ChosenKey<TAlike>, StateCell<long>>.Enumerator(table, place);
            for (var step = random.Next(1, 1 + Math.Min(left.Count, keys / 10)); step > 0; step--)
            {
                Assert.True(rest.MoveNext());
                Assert.Equal(rest.Current.Key.Value, rest.Current.State.Value);
                Assert.True(left.Remove(rest.Current.Key.Value));
            }

            place = rest.Place;
            var freeze = random.Next(2) == 0 ? table.Freeze(all: true, place, left.Count) : null;
            var before = budget.Bytes;
            table.GiveUpBefore(place);
            if (freeze != null)
            {
                // A checkpoint still reads it.
                Assert.Equal(before, budget.Bytes);
                var read = new List<long>();
                var into = new Into<TAlike>(read);
                freeze.Read(ref into, new FreezeRoom<ChosenKey<TAlike>, StateCell<long>>());
                freeze.End();
                Assert.Equal(left.Order(), read.Order());
                table.GiveUpBefore(place);
            }

            if (typeof(TAlike) == typeof(AllDifferent))
            {
                Assert.InRange(budget.Bytes, 0, whole * 1.3 * left.Count / keys + 200_000);
            }
        }

        var end = new KeyedTable<ChosenKey<TAlike>, StateCell<long>>.Enumerator(table, place);
        Assert.False(end.MoveNext());
        table.Drop();
        Assert.Equal(0, budget.Bytes);
    }

    private readonly struct AllDifferent : IAlike
    {
        public static ulong Hash(long key) => LongKey.Hash(new LongKey(key), 7);
    }

    private readonly struct Into<TAlike>(List<long> target) : IEntryVisitor<ChosenKey<TAlike>, StateCell<long>>
        where TAlike : struct, IAlike
    {
        public void Visit(ReadOnlySpan<KeyedEntry<ChosenKey<TAlike>, StateCell<long>>> entries)
        {
            foreach (ref readonly var entry in entries)
            {
                target.Add(entry.Key.Value);
            }
        }
    }
}
