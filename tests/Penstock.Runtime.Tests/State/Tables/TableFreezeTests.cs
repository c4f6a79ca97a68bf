using Penstock.State;

namespace Penstock.Runtime.Tests.State.Tables;

/// <summary>A frozen table keeps its contents as of the barrier, while its subtask continues to change it.</summary>
public class TableFreezeTests
{
    [Theory]
    [InlineData(30, 1)]
    [InlineData(1_000, 2)]
    [InlineData(20_000, 3)]
    [InlineData(200_000, 4)]
    public async Task A_freeze_is_the_table_as_it_was_and_later_ones_add_up_to_it(int keys, int seed)
    {
        var random = new Random(seed);
        var table = new KeyedTable<LongKey, Counter>();
        var current = new Dictionary<long, Counter>();
        var restored = new Dictionary<long, Counter>();
        for (var round = 0; round < 12; round++)
        {
            // Few keys at first, so that the table grows while it is frozen.
            var range = Math.Max(1, keys * (round + 1) / 8);
            Change(table, current, random, range, keys / 4);
            var all = round % 5 == 0;
            var freeze = table.Freeze(all);
            var expected = new Dictionary<long, Counter>(current);
            if (all)
            {
                restored.Clear();
            }

            var reading = Task.Run(() => Read(freeze, restored));
            do
            {
                Change(table, current, random, range, 500);
            }
            while (!reading.IsCompleted);

            await reading;
            freeze.End();
            Assert.Equal(expected.Count, restored.Count);
            Assert.All(restored, entry => Assert.Equal(expected[entry.Key], entry.Value));
        }

        Assert.Equal(current.Count, table.Count);
    }

    [Fact]
    public async Task State_that_is_changed_in_place_is_frozen_too()
    {
        var random = new Random(5);
        var table = new KeyedTable<LongKey, Shared>(static (in Shared state) => new Shared { Values = [.. state.Values ?? []] });
        for (var round = 0; round < 10; round++)
        {
            Change();
            var expected = new Dictionary<long, long[]>();
            foreach (ref var entry in table)
            {
                expected.Add(entry.Key.Value, [.. entry.State.Values!]);
            }

            var freeze = table.Freeze(all: true);
            var read = new Dictionary<long, long[]>();
            var reading = Task.Run(() =>
            {
                var visitor = new IntoArrays(read);
                freeze.Read(ref visitor, new FreezeRoom<LongKey, Shared>());
            });
            do
            {
                Change();
            }
            while (!reading.IsCompleted);

            await reading;
            freeze.End();
            Assert.Equal(expected.Count, read.Count);
            Assert.All(read, entry => Assert.Equal(expected[entry.Key], entry.Value));
        }

        void Change()
        {
            for (var change = 0; change < 5_000; change++)
            {
                var key = new LongKey(random.NextInt64(20_000));
                ref var state = ref table.GetOrAdd(key, LongKey.Hash(key));
                state.Values ??= new long[3];
                for (var index = 0; index < state.Values.Length; index++)
                {
                    state.Values[index]++;
                }
            }
        }
    }

    [Fact]
    public void Only_what_was_touched_since_the_last_freeze_is_read()
    {
        var table = new KeyedTable<LongKey, Counter>();
        for (var key = 0L; key < 5_000; key++)
        {
            Set(table, key, 1);
        }

        Assert.Equal(5_000, Count(table, all: true));
        Assert.Equal(0, Count(table, all: false));
        Set(table, 17, 2);
        Set(table, 9_999, 2);
        Assert.Equal(2, Count(table, all: false));
        Assert.Equal(5_001, Count(table, all: true));

        // The references of an enumeration allow changes.
        foreach (ref var entry in table)
        {
            entry.State = new Counter(7, 7, 7, 7);
        }

        Assert.Equal(5_001, Count(table, all: false));
    }

    [Fact]
    public void A_freeze_that_is_given_up_disturbs_neither_the_table_nor_the_next_one()
    {
        var table = new KeyedTable<LongKey, Counter>();
        Set(table, 1, 1);
        var givenUp = table.Freeze(all: true);
        Set(table, 1, 2);
        Assert.Throws<InvalidOperationException>(() => table.Freeze(all: true));
        givenUp.End();
        Set(table, 2, 2);
        var read = new Dictionary<long, Counter>();
        var freeze = table.Freeze(all: true);
        Set(table, 1, 3);
        Set(table, 3, 3);
        Read(freeze, read);
        Assert.Equal([1L, 2L], read.Keys.Order());
        Assert.All(read.Values, value => Assert.Equal(2, value.First));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stamps_that_come_again_after_many_freezes_are_not_mistaken(bool isRead)
    {
        var table = new KeyedTable<LongKey, Counter>();
        for (var key = 0L; key < 100; key++)
        {
            Set(table, key, 1);
        }

        for (var number = 0; number < 1_000; number++)
        {
            var freeze = table.Freeze(all: isRead);
            if (isRead)
            {
                var read = new Dictionary<long, Counter>();
                Set(table, number % 100, number + 2);
                Read(freeze, read);
                Assert.Equal(100, read.Count);
            }

            freeze.End();
        }

        Set(table, 5, 9);
        Assert.InRange(Count(table, all: false), 1, 2);
        Set(table, 6, 9);
        Assert.Equal(1, Count(table, all: false));
    }

    // A reader of all entries clears old stamps in the entries that it reads, but not in those that move to new memory meanwhile.
    [Fact]
    public void Stamps_of_what_moved_while_it_was_frozen_are_not_mistaken_when_they_come_again()
    {
        const int Full = Slots.GroupSize * 7 / 8;
        var table = new KeyedTable<LongKey, Counter>();
        var keys = 0;
        Grow(Full);
        for (var number = 1; number <= 2 * byte.MaxValue; number++)
        {
            if (number % 100 == 0)
            {
                var freeze = table.Freeze(all: true);
                Grow((Full << (number / 100 - 1)) + 1);
                Read(freeze, []);
                freeze.End();
            }
            else if (number % byte.MaxValue == 0)
            {
                Assert.Equal(keys, Count(table, all: true));
            }
            else
            {
                Count(table, all: false);
            }
        }

        void Grow(int size)
        {
            for (; keys < size; keys++)
            {
                Set(table, keys, 1);
            }
        }
    }

    private static int Count(KeyedTable<LongKey, Counter> table, bool all)
    {
        var freeze = table.Freeze(all);
        Assert.True(table.IsFrozen);
        var read = new Dictionary<long, Counter>();
        Read(freeze, read);
        freeze.End();
        Assert.False(table.IsFrozen);
        return read.Count;
    }

    private static void Set(KeyedTable<LongKey, Counter> table, long key, long value) =>
        table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key))) = new Counter(value, value, value, value);

    private static void Change(KeyedTable<LongKey, Counter> table, Dictionary<long, Counter> current, Random random, int range, int changes)
    {
        for (var change = 0; change < changes; change++)
        {
            var key = random.NextInt64(range);
            ref var state = ref table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key)));
            var before = current.GetValueOrDefault(key);
            Assert.Equal(before, state);
            var value = before.First + 1 + (change % 3);
            state = current[key] = new Counter(value, value, value, value);
        }
    }

    private static void Read(TableFreeze<LongKey, Counter> freeze, Dictionary<long, Counter> into)
    {
        var visitor = new Into(into);
        freeze.Read(ref visitor, new FreezeRoom<LongKey, Counter>());
    }

    // Several words, so that a torn copy is detected.
    private record struct Counter(long First, long Second, long Third, long Fourth);

    private struct Shared
    {
        public long[]? Values;
    }

    private readonly struct IntoArrays(Dictionary<long, long[]> target) : IEntryVisitor<LongKey, Shared>
    {
        public void Visit(ReadOnlySpan<KeyedEntry<LongKey, Shared>> entries)
        {
            foreach (ref readonly var entry in entries)
            {
                target[entry.Key.Value] = [.. entry.State.Values!];
            }
        }
    }

    private readonly struct Into(Dictionary<long, Counter> target) : IEntryVisitor<LongKey, Counter>
    {
        public void Visit(ReadOnlySpan<KeyedEntry<LongKey, Counter>> entries)
        {
            foreach (ref readonly var entry in entries)
            {
                Assert.True(entry.State.First == entry.State.Second
                    && entry.State.Second == entry.State.Third
                    && entry.State.Third == entry.State.Fourth);
                target[entry.Key.Value] = entry.State;
            }
        }
    }
}
