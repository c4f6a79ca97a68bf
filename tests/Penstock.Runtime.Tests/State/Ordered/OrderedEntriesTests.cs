using Penstock.State;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.State.Ordered;

/// <summary>Entries in order, compared with a sorted set; and their frozen versions, read while the entries change.</summary>
public sealed class OrderedEntriesTests
{
    [Theory]
    [InlineData(50, 1)]
    [InlineData(3_000, 2)]
    [InlineData(200_000, 3)]
    public void Entries_are_those_of_a_sorted_set(int places, int seed)
    {
        var random = new Random(seed);
        var entries = new OrderedEntries<Place>();
        var expected = new SortedSet<long>();
        for (var step = 0; step < 300_000; step++)
        {
            // The number of entries grows and shrinks alternately.
            var place = random.NextInt64(places);
            switch (random.Next(step / 60_000 % 2 == 0 ? 3 : 6))
            {
                case < 2:
                    Assert.Equal(expected.Add(place), entries.TryAdd(new Place(place, 0)));
                    break;
                case < 4:
                    Assert.Equal(expected.Remove(place), entries.Remove(new Place(place, 0)));
                    break;
                default:
                    Assert.Equal(expected.Count > 0, entries.TryPeek(out var first));
                    if (expected.Count > 0)
                    {
                        Assert.Equal((expected.Min, expected.Max), (first.Value, entries.Last.Value));
                        Assert.Equal(expected.Min, entries.Take().Value);
                        expected.Remove(expected.Min);
                    }

                    break;
            }

            Assert.Equal(expected.Count, entries.Count);
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected, Drain(entries).Select(static entry => entry.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(1_000)]
    public void Entries_with_equal_places_stay_in_the_order_in_which_they_came(int places)
    {
        var random = new Random(places);
        var entries = new OrderedEntries<Place>();
        var added = Enumerable.Range(0, 30_000).Select(number => new Place(random.NextInt64(places), number)).ToList();
        added.ForEach(entry => entries.Add(in entry));
        Assert.Equal(added.OrderBy(static entry => entry.Value), Drain(entries));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("inwards")]
    public void Memory_is_in_proportion_to_the_entries_whatever_their_order(string order)
    {
        const int count = 200_000;
        var budget = new StateBudget("Shop", null);
        var entries = new OrderedEntries<Place>(budget.For("Timers"));
        for (var number = 0; number < count; number++)
        {
            entries.TryAdd(new Place(order switch { "up" => number, "down" => -number, _ => number % 2 == 0 ? number : -number }, 0));
        }

        // Sixteen bytes for an entry and one for its stamp, in chunks that are half full at least.
        Assert.InRange(budget.Bytes, count * 17, 2 * count * 18);
        while (entries.Count > 1_000)
        {
            entries.Take();
        }

        Assert.InRange(budget.Bytes, 1_000 * 17, 200_000);
    }

    [Fact]
    public void Entries_that_come_and_go_allocate_nothing()
    {
        var entries = new OrderedEntries<Place>();
        var random = new Random(1);
        var time = 0L;
        Turn(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Turn(300_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Turn(int times)
        {
            for (var end = time + times; time < end; time++)
            {
                entries.TryAdd(new Place(random.NextInt64(1 << 20) + 16 * time, 0));
                if (entries.Count > 20_000)
                {
                    entries.Take();
                }
            }
        }
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(3_000, 2)]
    [InlineData(100_000, 3)]
    public async Task Frozen_versions_have_the_changes_before_them_and_none_after(int places, int seed)
    {
        var random = new Random(seed);
        var entries = new OrderedEntries<Place>();
        var current = new SortedSet<long>();
        var restored = new SortedSet<long>();
        var lowest = 0L;

        // More than 255 versions: the stamps of entries are used again.
        var rounds = places < 100_000 ? 600 : Thoroughness.Times(60, brief: 20);
        for (var round = 0; round < rounds; round++)
        {
            Change(places / 2);
            var all = round % 7 == 0;
            var expected = current.ToList();
            var freeze = entries.Freeze(all);
            var reading = Task.Run(() =>
            {
                restored = all ? [] : restored;
                var removed = new Removed(restored);
                freeze.ReadRemoved(ref removed);
                var added = new Added(restored);
                freeze.Read(ref added);
                restored.RemoveWhere(place => freeze.Count == 0 || place < freeze.First.Value);
            });
            do
            {
                Change(100);
            }
            while (!reading.IsCompleted);

            await reading;
            freeze.End();
            Assert.Equal(expected.Count, freeze.Count);
            Assert.Equal(expected, restored);
        }

        // Entries before one that was taken never come again.
        void Change(int changes)
        {
            for (var change = 0; change < changes; change++)
            {
                var place = lowest + random.NextInt64(places);
                switch (random.Next(4))
                {
                    case 0:
                        Assert.Equal(current.Remove(place), entries.Remove(new Place(place, 0)));
                        break;
                    case 1 when current.Count > places / 3:
                        lowest = entries.Take().Value + 1;
                        Assert.True(current.Remove(lowest - 1));
                        break;
                    default:
                        Assert.Equal(current.Add(place), entries.TryAdd(new Place(place, place)));
                        break;
                }
            }
        }
    }

    [Fact]
    public void A_second_version_is_refused_until_the_first_one_has_ended()
    {
        var entries = new OrderedEntries<Place>();
        entries.TryAdd(new Place(1, 0));
        var freeze = entries.Freeze(all: true);
        Assert.Throws<InvalidOperationException>(() => entries.Freeze(all: false));
        freeze.End();
        Assert.Equal(1, entries.Freeze(all: false).Count);
    }

    private static IEnumerable<Place> Drain(OrderedEntries<Place> entries)
    {
        while (entries.Count > 0)
        {
            yield return entries.Take();
        }
    }

    private readonly record struct Place(long Value, long Number) : IOrdered<Place>
    {
        public static int Compare(in Place left, in Place right) => left.Value.CompareTo(right.Value);
    }

    private readonly struct Removed(SortedSet<long> target) : IImageVisitor<Place>
    {
        public void Visit(ReadOnlySpan<Place> images)
        {
            foreach (var entry in images)
            {
                target.Remove(entry.Value);
            }
        }
    }

    private readonly struct Added(SortedSet<long> target) : IImageVisitor<Place>
    {
        public void Visit(ReadOnlySpan<Place> images)
        {
            foreach (var entry in images)
            {
                // A torn entry would have another number.
                Assert.Equal(entry.Value, entry.Number);
                target.Add(entry.Value);
            }
        }
    }
}
