using Penstock.State;

namespace Penstock.Runtime.Tests.State.Tables;

/// <summary>Tables compared with a dictionary; hashes and key groups compared with values that must never change.</summary>
public class KeyedTableTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(300_000)]
    public void A_table_has_the_entries_of_a_dictionary(int keys)
    {
        var random = new Random(keys);
        var table = new KeyedTable<LongKey, Counter>();
        var expected = new Dictionary<long, long>();
        for (var step = 0; step < keys * 3; step++)
        {
            var key = random.NextInt64(keys) * 1_000_003;
            expected[key] = expected.GetValueOrDefault(key) + step;
            table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key))).Value += step;
        }

        Assert.Equal(expected.Count, table.Count);
        var found = new Dictionary<long, long>();
        foreach (ref var entry in table)
        {
            found.Add(entry.Key.Value, entry.State.Value);
        }

        Assert.Equal(expected.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
        table.Clear();
        Assert.Equal(0, table.Count);
        Assert.Equal(0, table.GetOrAdd(new LongKey(0), LongKey.Hash(new LongKey(0))).Value);
    }

    [Fact]
    public void Hashes_are_the_same_for_ever()
    {
        Assert.Equal(0xE220A8397B1DCDAFUL, StableHash.Of(0L, StableHash.FixedSecret));
        Assert.Equal(0x910A2DEC89025CC1UL, StableHash.Of(1L, StableHash.FixedSecret));
        Assert.Equal(StableHash.Of(-1L, StableHash.FixedSecret), StableHash.Of(ulong.MaxValue, StableHash.FixedSecret));
        Assert.Equal(StableHash.Of(5L, StableHash.FixedSecret), StableHash.Of((char)5, StableHash.FixedSecret));
        Assert.Equal(0x2D06800538D394C2UL, StableHash.Of("", StableHash.FixedSecret));
        Assert.Equal(StableHash.Of(1.5m, StableHash.FixedSecret), StableHash.Of(1.500m, StableHash.FixedSecret));
        Assert.NotEqual(StableHash.Of((string?)null, StableHash.FixedSecret), StableHash.Of("", StableHash.FixedSecret));
        var instant = new DateTimeOffset(2024, 1, 1, 12, 0, 0, TimeSpan.FromHours(2));
        Assert.Equal(StableHash.Of(instant, StableHash.FixedSecret), StableHash.Of(instant.ToUniversalTime(), StableHash.FixedSecret));
    }

    [Fact]
    public void Key_groups_are_spread_evenly_over_subtasks()
    {
        foreach (var parallelism in (int[])[1, 2, 3, 7, 128])
        {
            var sizes = Enumerable.Range(0, 128)
                .GroupBy(group => KeyGroups.OwnerOf(group, 128, parallelism))
                .Select(owned => owned.Count())
                .ToList();
            Assert.Equal(parallelism, sizes.Count);
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }

        Assert.Equal(0, KeyGroups.Of(0, 128));
        Assert.Equal(127, KeyGroups.Of(ulong.MaxValue, 128));
        Assert.Equal(64, KeyGroups.Of(1UL << 63, 128));
    }

    private struct Counter
    {
        public long Value;
    }
}
