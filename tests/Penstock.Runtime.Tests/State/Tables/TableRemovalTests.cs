using Penstock.State;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.State.Tables;

/// <summary>Removed entries are missing in the table and in later checkpoints, and in no earlier checkpoint.</summary>
public class TableRemovalTests
{
    [Theory]
    [InlineData(20, 1)]
    [InlineData(900, 2)]
    [InlineData(60_000, 3)]
    public void A_table_with_removals_has_the_entries_of_a_dictionary(int keys, int seed)
    {
        var random = new Random(seed);
        var table = new KeyedTable<LongKey, long>();
        var expected = new Dictionary<long, long>();
        for (var step = 0; step < keys * 20; step++)
        {
            // The table alternately grows and shrinks. The key 0 is also the value in the slot of a removed entry.
            var key = random.NextInt64(keys);
            if (random.Next(100) < (step / (keys * 2) % 2 == 0 ? 30 : 70))
            {
                Assert.Equal(expected.Remove(key), table.Remove(new LongKey(key), Hash(key)));
            }
            else
            {
                table.GetOrAdd(new LongKey(key), Hash(key)) = expected[key] = step;
            }

            var probe = random.NextInt64(keys);
            ref readonly var found = ref table.Find(new LongKey(probe), Hash(probe));
            Assert.Equal(expected.TryGetValue(probe, out var value), !System.Runtime.CompilerServices.Unsafe.IsNullRef(in found));
            Assert.True(System.Runtime.CompilerServices.Unsafe.IsNullRef(in found) || found == value);
        }

        Assert.Equal(expected.Count, table.Count);
        var enumerated = new Dictionary<long, long>();
        foreach (ref var entry in table)
        {
            enumerated.Add(entry.Key.Value, entry.State);
        }

        Assert.Equal(expected.OrderBy(pair => pair.Key), enumerated.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Keys_that_come_and_go_need_no_more_memory_than_those_that_stay()
    {
        var budget = new StateBudget("Shop", null);
        var table = new KeyedTable<LongKey, long>(null, budget.For("Seen"));
        for (var key = 0L; key < 2_000_000; key++)
        {
            table.GetOrAdd(new LongKey(key), Hash(key)) = key;
            if (key >= 1_000)
            {
                Assert.True(table.Remove(new LongKey(key - 1_000), Hash(key - 1_000), isSaved: false));
            }
        }

        Assert.Equal(1_000, table.Count);
        Assert.InRange(budget.Bytes, 1, 4 * 1_000 * 18 * 8 / 5);
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(3_000, 2)]
    [InlineData(100_000, 3)]
    public async Task Freezes_know_of_removals_before_them_and_of_none_after(int keys, int seed)
    {
        var random = new Random(seed);
        var table = new KeyedTable<LongKey, Pair>();
        var current = new Dictionary<long, long>();
        var restored = new Dictionary<long, long>();
        for (var round = 0; round < Thoroughness.Times(30, brief: 15); round++)
        {
            Change(keys / 2);
            var all = round % 7 == 0;
            var freeze = table.Freeze(all);
            var expected = new Dictionary<long, long>(current);
            if (all)
            {
                restored.Clear();
            }

            var reading = Task.Run(() =>
            {
                var removals = new Removals(restored);
                freeze.ReadRemoved(ref removals);
                var visitor = new Into(restored);
                freeze.Read(ref visitor, new FreezeRoom<LongKey, Pair>());
            });
            do
            {
                Change(300);
            }
            while (!reading.IsCompleted);

            await reading;
            freeze.End();
            Assert.Equal(expected.OrderBy(pair => pair.Key), restored.OrderBy(pair => pair.Key));
        }

        void Change(int changes)
        {
            for (var change = 0; change < changes; change++)
            {
                var key = random.NextInt64(keys);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(current.Remove(key), table.Remove(new LongKey(key), Hash(key)));
                }
                else
                {
                    var value = random.NextInt64();
                    table.GetOrAdd(new LongKey(key), Hash(key)) = new Pair(value, value);
                    current[key] = value;
                }
            }
        }
    }

    private static ulong Hash(long key) => LongKey.Hash(new LongKey(key));

    // Two words, so that a torn copy is detected.
    private readonly record struct Pair(long First, long Second);

    private readonly struct Removals(Dictionary<long, long> target) : IImageVisitor<LongKey>
    {
        public void Visit(ReadOnlySpan<LongKey> images)
        {
            foreach (var key in images)
            {
                target.Remove(key.Value);
            }
        }
    }

    private readonly struct Into(Dictionary<long, long> target) : IEntryVisitor<LongKey, Pair>
    {
        public void Visit(ReadOnlySpan<KeyedEntry<LongKey, Pair>> entries)
        {
            foreach (ref readonly var entry in entries)
            {
                Assert.Equal(entry.State.First, entry.State.Second);
                target[entry.Key.Value] = entry.State.First;
            }
        }
    }
}
