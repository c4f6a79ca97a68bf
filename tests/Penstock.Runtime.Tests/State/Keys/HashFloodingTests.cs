using System.Runtime.CompilerServices;
using Penstock.Runtime.Tests.State.Tables;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Keys;

/// <summary>
/// For any chosen keys, a table has the same contents as a dictionary, uses memory in proportion, and finds a key quickly.
/// </summary>
public class HashFloodingTests
{
    [Fact]
    public void Chosen_values_have_equal_hashes_without_a_secret_and_others_with_one()
    {
        var secret = 0x0123_4567_89AB_CDEFUL;
        Assert.Single(Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Text(number), StableHash.FixedSecret)).Distinct());
        Assert.Equal(900, Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Text(number), secret)).Distinct().Count());
        Assert.Single(Enumerable.Range(0, 900)
            .Select(number => StableHash.Of(Colliding.Number(number), StableHash.FixedSecret) >> 14)
            .Distinct());
        Assert.Equal(
            900,
            Enumerable.Range(0, 900).Select(number => StableHash.Of(Colliding.Number(number), secret) >> 14).Distinct().Count());
        Assert.Single(Enumerable.Range(0, 900).Select(number => Hash(Colliding.Pair(number), StableHash.FixedSecret)).Distinct());
        Assert.Equal(900, Enumerable.Range(0, 900).Select(number => Hash(Colliding.Pair(number), secret)).Distinct().Count());

        static ulong Hash((long, long) pair, ulong secret) =>
            StableHash.Combine(StableHash.Of(pair.Item1, secret), StableHash.Of(pair.Item2, secret));
    }

    [Fact]
    public void Each_operator_has_a_secret_of_its_own_that_is_the_same_again_after_a_restore()
    {
        var first = new JobSecret(1);
        var second = new JobSecret(2);
        var table = second.Of("Totals");
        Assert.NotEqual(first.Of("Totals").Value, table.Value);
        Assert.NotEqual(first.Of("Totals").Value, first.Of("Rides").Value);
        second.Restore(1);
        Assert.Equal(first.Of("Totals").Value, table.Value);
        Assert.Equal(first.Of("Rides").Value, second.Of("Rides").Value);
    }

    [Theory]
    [InlineData(700, 1)]
    [InlineData(20_000, 2)]
    public void A_table_of_chosen_keys_has_the_entries_of_a_dictionary(int keys, int seed)
    {
        AssertHasTheEntriesOfADictionary<AllEqual>(keys, seed);
        AssertHasTheEntriesOfADictionary<HighBitsEqual>(keys, seed);
        AssertHasTheEntriesOfADictionary<MostlyEqual>(keys, seed);
        AssertHasTheEntriesOfADictionary<EqualInSets>(keys, seed);
        AssertHasTheEntriesOfADictionary<EqualInManySets>(keys, seed);
    }

    [Fact]
    public void Memory_is_in_proportion_to_the_keys()
    {
        Assert.InRange(MemoryOf<AllEqual>(200_000, kept: 200_000), 1, 200_000 * 100);
        Assert.InRange(MemoryOf<HighBitsEqual>(200_000, kept: 200_000), 1, 200_000 * 100);
        Assert.InRange(MemoryOf<EqualInSets>(200_000, kept: 200_000), 1, 200_000 * 100);
        Assert.InRange(MemoryOf<EqualInManySets>(200_000, kept: 200_000), 1, 200_000 * 100);

        // Keys that are added and removed in order.
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

    // The order of insertion: as after a restore, segment by segment; as a table enumerates the keys; or so that the bits by which a table
    // divides them are equal for as long as possible.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_that_come_in_the_order_of_their_hashes_are_not_taken_for_chosen_ones(bool isByFirstBits)
    {
        const int Keys = 300_000;
        const int BitsInSegment = 14;
        var budget = new StateBudget("Shop", null);
        var shuffled = new KeyedTable<ComparedKey, long>(null, budget.For("Shuffled"));
        var ordered = new KeyedTable<ComparedKey, long>(null, budget.For("Ordered"));
        for (var key = 0L; key < Keys; key++)
        {
            shuffled.GetOrAdd(new(key), HashOf(key)) = key;
        }

        // The first part differs from the rest.
        ordered.Expect(10, 10);
        ordered.GetOrAdd(new(-1), HashOf(-1));
        ordered.Expect(Keys, Keys);
        var comparisons = ComparedKey.Comparisons;
        var keys = new List<long>();
        foreach (ref var entry in shuffled)
        {
            keys.Add(entry.Key.Value);
        }

        foreach (var key in isByFirstBits ? keys.OrderBy(static key => Reversed(HashOf(key) >> BitsInSegment)) : keys.AsEnumerable())
        {
            ordered.GetOrAdd(new(key), HashOf(key)) = key;
        }

        // Keys that are detected as chosen are sorted.
        Assert.Equal(comparisons, ComparedKey.Comparisons);
        var memory = budget.Operators.ToDictionary(static memory => memory.Id, static memory => memory.Bytes);
        Assert.InRange(memory["Ordered"], memory["Shuffled"] * 9 / 10, memory["Shuffled"] * 11 / 10);

        static ulong Reversed(ulong bits)
        {
            var reversed = 0UL;
            for (var bit = 0; bit < 64; bit++)
            {
                reversed |= ((bits >> bit) & 1) << (63 - bit);
            }

            return reversed;
        }

        static ulong HashOf(long key) => ComparedKey.Hash(new(key), StableHash.FixedSecret);
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

    private static void AssertHasTheEntriesOfADictionary<TAlike>(int keys, int seed)
        where TAlike : struct, IAlike
    {
        var random = new Random(seed);
        var table = new KeyedTable<ChosenKey<TAlike>, long>();
        var expected = new Dictionary<long, long>();
        for (var step = 0; step < keys * 10; step++)
        {
            // The table alternately grows and shrinks. The key 0 is also the value in the slot of a removed entry.
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

    private readonly struct Odd<TAlike>(KeyedTable<ChosenKey<TAlike>, long> table) : ISweeper<ChosenKey<TAlike>, long>
        where TAlike : struct, IAlike
    {
        public bool IsExpired(in KeyedEntry<ChosenKey<TAlike>, long> entry) => entry.State % 2 == 1;

        public void Remove(ChosenKey<TAlike> key) => table.Remove(key, TAlike.Hash(key.Value), isSaved: false);
    }
}
