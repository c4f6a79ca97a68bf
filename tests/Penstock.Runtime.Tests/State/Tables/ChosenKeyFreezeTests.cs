using Penstock.State;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.State.Tables;

/// <summary>Freezes of tables whose keys were chosen to have similar hashes.</summary>
public sealed class ChosenKeyFreezeTests
{
    [Theory]
    [InlineData(3_000, 1, false, false)]
    [InlineData(3_000, 2, true, false)]
    [InlineData(30_000, 3, false, false)]
    [InlineData(30_000, 4, true, false)]
    [InlineData(30_000, 5, false, true)]
    [InlineData(30_000, 6, true, true)]
    public async Task Freezes_of_chosen_keys_add_up_to_the_table(int keys, int seed, bool isShared, bool isInterleaved)
    {
        await FreezesAddUpAsync<AllEqual>(keys, seed, isShared, isInterleaved);
        await FreezesAddUpAsync<MostlyEqual>(keys, seed, isShared, isInterleaved);
        await FreezesAddUpAsync<EqualInSets>(keys, seed, isShared, isInterleaved);
        await FreezesAddUpAsync<EqualInManySets>(keys, seed, isShared, isInterleaved);
    }

    // A freeze has read one of two segments whose keys are sorted together.
    [Fact]
    public void A_freeze_reads_what_was_put_in_order_beside_what_it_has_read_as_it_was()
    {
        const int Keys = 3 * Slots.SegmentSize * 7 / 8;
        var table = new KeyedTable<ChosenKey<InThrees>, Pair>(static (in Pair pair) => new Pair([.. pair.Words!]));
        for (var key = 0L; key < Keys; key++)
        {
            table.GetOrAdd(new(key), InThrees.Hash(key)) = new Pair([key, key]);
        }

        var freeze = table.Freeze(all: true);
        var restored = new Dictionary<long, long>();
        var visits = 0;
        var into = new Into<InThrees>(restored, Change);
        freeze.Read(ref into, new FreezeRoom<ChosenKey<InThrees>, Pair>());
        freeze.End();
        Assert.Equal(
            Enumerable.Range(0, Keys).Select(static key => KeyValuePair.Create((long)key, (long)key)),
            restored.OrderBy(pair => pair.Key));

        void Change()
        {
            // The first segment was read, the third was not.
            if (++visits != 2)
            {
                return;
            }

            table.GetOrAdd(new(Keys), InThrees.Hash(Keys)) = new Pair([0, 0]);
            table.GetOrAdd(new(Keys + 2), InThrees.Hash(Keys + 2)) = new Pair([0, 0]);
            for (var key = 2L; key < Keys; key += 3)
            {
                var words = table.GetOrAdd(new(key), InThrees.Hash(key)).Words!;
                words[0] = words[1] = -1;
            }
        }
    }

    private static async Task FreezesAddUpAsync<TAlike>(int keys, int seed, bool isShared, bool isInterleaved)
        where TAlike : struct, IAlike
    {
        var random = new Random(seed);
        var table = new KeyedTable<ChosenKey<TAlike>, Pair>(isShared ? static (in Pair pair) => new Pair([.. pair.Words!]) : null);
        var current = new Dictionary<long, long>();
        var restored = new Dictionary<long, long>();
        var rounds = Thoroughness.Times(20, brief: 8);
        for (var round = 0; round < rounds; round++)
        {
            // More keys in each round, so that the table grows while it is frozen.
            var range = keys * (round + 1) / rounds;
            Change(range, keys / 3);
            var all = round % 6 == 0;
            var freeze = table.Freeze(all);
            var expected = new Dictionary<long, long>(current);
            if (all)
            {
                restored.Clear();
            }

            // The table changes while another thread reads it, or between any two segments that are read.
            var reading = isInterleaved ? Task.CompletedTask : Task.Run(() => Read(() => { }));
            do
            {
                Change(range * 2, 300);
            }
            while (!reading.IsCompleted);

            await reading;
            if (isInterleaved)
            {
                Read(() => Change(range * 2, 20));
            }

            freeze.End();
            Assert.Equal(expected.OrderBy(pair => pair.Key), restored.OrderBy(pair => pair.Key));

            void Read(Action meanwhile)
            {
                var into = new Into<TAlike>(restored, meanwhile);
                freeze.ReadRemoved(ref into);
                freeze.Read(ref into, new FreezeRoom<ChosenKey<TAlike>, Pair>());
            }
        }

        void Change(int range, int changes)
        {
            for (var change = 0; change < changes; change++)
            {
                var key = random.NextInt64(range);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(current.Remove(key), table.Remove(new(key), TAlike.Hash(key)));
                }
                else
                {
                    var value = random.NextInt64();
                    ref var pair = ref table.GetOrAdd(new(key), TAlike.Hash(key));
                    if (isShared && pair.Words is { } words)
                    {
                        words[0] = value;
                        words[1] = value;
                    }
                    else
                    {
                        pair = new Pair([value, value]);
                    }

                    current[key] = value;
                }
            }
        }
    }

    // Two words, so that a torn copy is detected, in memory that may be changed in place.
    private readonly struct Pair(long[]? words)
    {
        public readonly long[]? Words = words;
    }

    private readonly struct Into<TAlike>(Dictionary<long, long> target, Action meanwhile)
        : IEntryVisitor<ChosenKey<TAlike>, Pair>, IImageVisitor<ChosenKey<TAlike>>
        where TAlike : struct, IAlike
    {
        public void Visit(ReadOnlySpan<ChosenKey<TAlike>> images)
        {
            foreach (var key in images)
            {
                target.Remove(key.Value);
            }
        }

        public void Visit(ReadOnlySpan<KeyedEntry<ChosenKey<TAlike>, Pair>> entries)
        {
            foreach (ref readonly var entry in entries)
            {
                Assert.Equal(entry.State.Words![0], entry.State.Words![1]);
                target[entry.Key.Value] = entry.State.Words![0];
            }

            meanwhile();
        }
    }
}
