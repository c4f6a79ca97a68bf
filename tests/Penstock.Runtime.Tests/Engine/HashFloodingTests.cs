using System.Runtime.CompilerServices;
using Penstock.Hosting;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Engine;

/// <summary>Whatever keys somebody has chosen, a table holds what a dictionary holds, in memory that is in proportion, and finds a key at once.</summary>
public class HashFloodingTests
{
    [Fact]
    public void Chosen_values_have_equal_hashes_without_a_secret_and_others_with_one()
    {
        var secret = 0x0123_4567_89AB_CDEFUL;
        Assert.Single(Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Text(number), StableHash.NoSecret)).Distinct());
        Assert.Equal(900, Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Text(number), secret)).Distinct().Count());
        Assert.Single(Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Number(number), StableHash.NoSecret) >> 14).Distinct());
        Assert.Equal(900, Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Number(number), secret) >> 14).Distinct().Count());
        Assert.Single(Enumerable.Range(0, 900).Select(number => Hash(Colliding.Pair(number), StableHash.NoSecret)).Distinct());
        Assert.Equal(900, Enumerable.Range(0, 900).Select(number => Hash(Colliding.Pair(number), secret)).Distinct().Count());

        static ulong Hash((long, long) pair, ulong secret) => StableHash.Combine(StableHash.Of(pair.Item1, secret), StableHash.Of(pair.Item2, secret));
    }

    [Fact]
    public void Each_operator_has_a_secret_of_its_own_that_is_the_same_again_after_a_restore()
    {
        var first = new JobSecret(1);
        var second = new JobSecret(2);
        var table = second.Of("Totals");
        Assert.NotEqual(first.Of("Totals").Value, table.Value);
        Assert.NotEqual(first.Of("Totals").Value, first.Of("Rides").Value);
        second.GoOnWith(1);
        Assert.Equal(first.Of("Totals").Value, table.Value);
        Assert.Equal(first.Of("Rides").Value, second.Of("Rides").Value);
    }

    [Theory]
    [InlineData(700, 1)]
    [InlineData(20_000, 2)]
    public void A_table_of_chosen_keys_holds_what_a_dictionary_holds(int keys, int seed)
    {
        HoldsWhatADictionaryHolds<AllEqual>(keys, seed);
        HoldsWhatADictionaryHolds<HighBitsEqual>(keys, seed);
        HoldsWhatADictionaryHolds<MostlyEqual>(keys, seed);
        HoldsWhatADictionaryHolds<EqualInSets>(keys, seed);
        HoldsWhatADictionaryHolds<EqualInManySets>(keys, seed);
    }

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

    // Of two segments whose keys are put in order together, a freeze has read one.
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
        Assert.Equal(Enumerable.Range(0, Keys).Select(static key => KeyValuePair.Create((long)key, (long)key)), restored.OrderBy(pair => pair.Key));

        void Change()
        {
            // The first segment has been read, and the third has not.
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

    [Fact]
    public void Memory_is_in_proportion_to_the_keys()
    {
        Assert.InRange(MemoryOf<AllEqual>(200_000, kept: 200_000), 1, 200_000 * 100);
        Assert.InRange(MemoryOf<HighBitsEqual>(200_000, kept: 200_000), 1, 200_000 * 100);
        Assert.InRange(MemoryOf<EqualInSets>(200_000, kept: 200_000), 1, 200_000 * 100);
        Assert.InRange(MemoryOf<EqualInManySets>(200_000, kept: 200_000), 1, 200_000 * 100);

        // Keys that come and go in their order.
        Assert.InRange(MemoryOf<AllEqual>(500_000, kept: 2_000), 1, 2_000 * 400);
    }

    [Fact]
    public void Expired_keys_are_swept()
    {
        var table = new KeyedTable<ChosenKey<AllEqual>, long>();
        for (var key = 0L; key < 10_000; key++)
        {
            table.GetOrAdd(new(key), AllEqual.Hash(key)) = key;
        }

        var odd = new Odd<AllEqual>(table);
        for (var round = 0; round < 10_000 && table.Count > 5_000; round++)
        {
            table.Sweep(64, ref odd);
        }

        Assert.Equal(5_000, table.Count);
        var all = new Odd<AllEqual>(table);
        table.GetOrAdd(new(1), AllEqual.Hash(1)) = 1;
        table.SweepAll(ref all);
        Assert.Equal(5_000, table.Count);
    }

    [Fact]
    public void A_cleared_table_is_as_new()
    {
        var budget = new StateBudget("Shop", null);
        var table = new KeyedTable<ChosenKey<MostlyEqual>, long>(null, budget.For("Seen"));
        var before = 0L;
        for (var round = 0; round < 5; round++)
        {
            for (var key = 0L; key < 20_000; key++)
            {
                table.GetOrAdd(new(key), MostlyEqual.Hash(key)) = key;
            }

            Assert.Equal(20_000, table.Count);
            before = round == 0 ? budget.Bytes : before;
            Assert.InRange(budget.Bytes, 1, before * 5 / 4);
            table.Clear();
            Assert.Equal(0, table.Count);
            Assert.True(Unsafe.IsNullRef(in table.Find(new(3), MostlyEqual.Hash(3))));
            foreach (ref var entry in table)
            {
                Assert.Fail($"{entry.Key.Value} is left.");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_pipeline_bears_chosen_text(int parallelism)
    {
        using var test = PipelineTest.For<LedgerPipeline>(options => Limit(options, parallelism));
        for (var round = 1; round <= 2; round++)
        {
            for (var number = 0; number < 3_000; number++)
            {
                test.Send(nameof(LedgerPipeline.Clicks), new Click(Colliding.Text(number), DateTime.UnixEpoch, 1));
            }

            test.Checkpoint();
            var counts = test.Read<Running>(nameof(LedgerPipeline.Ledger));
            Assert.Equal(3_000, counts.DistinctBy(static running => running.User).Count());
            Assert.All(counts, running => Assert.Equal(round, running.Count));
            test.CrashAndRestore();
        }

        test.End(nameof(LedgerPipeline.Clicks));
        var windows = test.Read<UserClicks>(nameof(LedgerPipeline.Counts));
        Assert.Equal(3_000, windows.Count);
        Assert.All(windows, static window => Assert.Equal(2, window.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_map_bears_chosen_keys(int parallelism)
    {
        using var test = PipelineTest.For<PaymentPipeline>(options => Limit(options, parallelism));
        for (var number = 0; number < 3_000; number++)
        {
            test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", Colliding.Text(number), 1));
        }

        test.Checkpoint();
        test.CrashAndRestore();
        test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", Colliding.Text(0), 1));
        test.Checkpoint();
        var shop = test.Read<PaymentTally>(nameof(PaymentPipeline.Shops))[^1];
        Assert.Equal((3_001, 3_000, 1), (shop.Count, shop.Customers, shop.Amounts));
    }

    private static void Limit(PipelineOptions options, int parallelism)
    {
        options.Parallelism = parallelism;
        options.StateLimit = 8 << 20;
    }

    // As after a restore: segment by segment.
    [Fact]
    public void Keys_that_come_in_the_order_of_their_hashes_are_not_taken_for_chosen_ones()
    {
        const int Keys = 300_000;
        var budget = new StateBudget("Shop", null);
        var shuffled = new KeyedTable<ComparedKey, long>(null, budget.For("Shuffled"));
        var ordered = new KeyedTable<ComparedKey, long>(null, budget.For("Ordered"));
        for (var key = 0L; key < Keys; key++)
        {
            shuffled.GetOrAdd(new(key), HashOf(key)) = key;
        }

        // The first part is not what the rest is like.
        ordered.Expect(10, 10);
        ordered.GetOrAdd(new(-1), HashOf(-1));
        ordered.Expect(Keys, Keys);
        var comparisons = ComparedKey.Comparisons;
        foreach (ref var entry in shuffled)
        {
            ordered.GetOrAdd(entry.Key, HashOf(entry.Key.Value)) = entry.State;
        }

        // What is taken for chosen lies in the order of its keys.
        Assert.Equal(comparisons, ComparedKey.Comparisons);
        var memory = budget.Operators.ToDictionary(static memory => memory.Id, static memory => memory.Bytes);
        Assert.InRange(memory["Ordered"], memory["Shuffled"] * 9 / 10, memory["Shuffled"] * 11 / 10);

        static ulong HashOf(long key) => ComparedKey.Hash(new(key), StableHash.NoSecret);
    }

    private static long MemoryOf<TAlike>(int keys, int kept)
        where TAlike : struct, IAlike
    {
        var budget = new StateBudget("Shop", null);
        var table = new KeyedTable<ChosenKey<TAlike>, long>(null, budget.For("Seen"));
        for (var key = 0L; key < keys; key++)
        {
            table.GetOrAdd(new(key), TAlike.Hash(key)) = key;
            if (key >= kept)
            {
                Assert.True(table.Remove(new(key - kept), TAlike.Hash(key - kept), isSaved: false));
            }
        }

        Assert.Equal(kept, table.Count);
        return budget.Bytes;
    }

    private static void HoldsWhatADictionaryHolds<TAlike>(int keys, int seed)
        where TAlike : struct, IAlike
    {
        var random = new Random(seed);
        var table = new KeyedTable<ChosenKey<TAlike>, long>();
        var expected = new Dictionary<long, long>();
        for (var step = 0; step < keys * 10; step++)
        {
            // Fuller and emptier by turns; the key 0 is also what a removed entry leaves behind.
            var key = random.NextInt64(keys);
            if (random.Next(100) < (step / (keys * 2) % 2 == 0 ? 20 : 70))
            {
                Assert.Equal(expected.Remove(key), table.Remove(new(key), TAlike.Hash(key)));
            }
            else
            {
                table.GetOrAdd(new(key), TAlike.Hash(key)) = expected[key] = step;
            }

            var probe = random.NextInt64(keys);
            ref readonly var found = ref table.Find(new(probe), TAlike.Hash(probe));
            Assert.Equal(expected.TryGetValue(probe, out var value), !Unsafe.IsNullRef(in found));
            Assert.True(Unsafe.IsNullRef(in found) || found == value);
        }

        Assert.Equal(expected.Count, table.Count);
        var enumerated = new Dictionary<long, long>();
        foreach (ref var entry in table)
        {
            enumerated.Add(entry.Key.Value, entry.State);
        }

        Assert.Equal(expected.OrderBy(pair => pair.Key), enumerated.OrderBy(pair => pair.Key));
    }

    private static async Task FreezesAddUpAsync<TAlike>(int keys, int seed, bool isShared, bool isInterleaved)
        where TAlike : struct, IAlike
    {
        var random = new Random(seed);
        var table = new KeyedTable<ChosenKey<TAlike>, Pair>(isShared ? static (in Pair pair) => new Pair([.. pair.Words!]) : null);
        var current = new Dictionary<long, long>();
        var restored = new Dictionary<long, long>();
        for (var round = 0; round < 20; round++)
        {
            // More keys each time, so that the table grows while it is frozen.
            var range = keys * (round + 1) / 20;
            Change(range, keys / 3);
            var all = round % 6 == 0;
            var freeze = table.Freeze(all);
            var expected = new Dictionary<long, long>(current);
            if (all)
            {
                restored.Clear();
            }

            // The table changes while another thread reads; or between any two segments that are read.
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

    // Two words, so that a torn copy shows, in memory that may be changed in place.
    private readonly struct Pair(long[]? words)
    {
        public readonly long[]? Words = words;
    }

    private readonly struct Into<TAlike>(Dictionary<long, long> target, Action meanwhile) : IEntryVisitor<ChosenKey<TAlike>, Pair>, IImageVisitor<ChosenKey<TAlike>>
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

    private readonly struct Odd<TAlike>(KeyedTable<ChosenKey<TAlike>, long> table) : ISweeper<ChosenKey<TAlike>, long>
        where TAlike : struct, IAlike
    {
        public bool IsExpired(in KeyedEntry<ChosenKey<TAlike>, long> entry) => entry.State % 2 == 1;

        public void Remove(ChosenKey<TAlike> key) => table.Remove(key, TAlike.Hash(key.Value), isSaved: false);
    }
}
