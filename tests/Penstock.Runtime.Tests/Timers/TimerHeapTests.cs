using Penstock.State;
using Penstock.Timers;

namespace Penstock.Runtime.Tests.Timers;

/// <summary>A heap of timers, compared with a sorted set; and its frozen versions, read while the timers change.</summary>
public sealed class TimerHeapTests
{
    // Timers in an instant, within milliseconds, an hour, and years.
    [Theory]
    [InlineData(1, 5_000, 1)]
    [InlineData(300, 50, 2)]
    [InlineData(70_000, 10, 3)]
    [InlineData(3_600_000_000, 1_000_000, 4)]
    [InlineData(100_000_000_000_000_000, 1_000_000_000, 5)]
    public void Timers_fire_as_those_of_a_sorted_set(long ahead, int keys, int seed)
    {
        var random = new Random(seed);
        var (timers, expected) = (Create(), new SortedSet<(long Time, long Key)>());
        var set = new (long Time, long Key)[1_000];
        var now = -ahead / 2;
        for (var step = 0; step < 100_000; step++)
        {
            // The number of timers grows and shrinks alternately.
            var (time, key) = (now + 1 + random.NextInt64(ahead), random.NextInt64(keys));
            switch (random.Next(step / 20_000 % 2 == 0 ? 6 : 9))
            {
                case < 4:
                    timers.Set(time, new LongKey(key));
                    expected.Add((time, key));
                    set[step % set.Length] = (time, key);
                    break;
                case 4:
                    var deleted = set[random.Next(set.Length)];
                    timers.Delete(deleted.Time, new LongKey(deleted.Key));
                    expected.Remove(deleted);
                    break;
                default:
                    now += random.NextInt64(Math.Max(2, ahead / (1 + random.Next(20_000))));
                    AssertFires(timers, expected, now);
                    break;
            }
        }

        AssertFires(timers, expected, long.MaxValue);
        Assert.Empty(expected);
    }

    [Fact]
    public void A_timer_may_be_set_for_a_time_before_those_that_have_fired()
    {
        var timers = Create();
        var expected = new SortedSet<(long, long)>();
        for (var time = 1_000_000L; time > 0; time -= 9_973)
        {
            timers.Set(time, new LongKey(1));
            timers.Set(time + 5, new LongKey(2));
            AssertFires(timers, [(time, 1)], time + 1);
            expected.Add((time + 5, 2));
        }

        AssertFires(timers, expected, long.MaxValue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Timers_that_are_set_again_and_again_need_no_more_memory(bool deletes)
    {
        var budget = new StateBudget("Shop", null);
        var timers = new TimerHeap<LongKey>(TableSecret.None, budget.For("Timers"));
        var last = new Dictionary<long, long>();
        var random = new Random(1);
        for (var step = 0; step < 2_000_000; step++)
        {
            var key = random.NextInt64(5_000);
            if (deletes && last.TryGetValue(key, out var former))
            {
                timers.Delete(former, new LongKey(key));
            }

            last[key] = deletes ? step + 1_000_000_000_000 : 1_000_000_000_000 + key % 7;
            timers.Set(last[key], new LongKey(key));
        }

        // 5,000 timers of 16 bytes each, what is kept of the two million, and spare chunks.
        Assert.InRange(budget.Bytes, 5_000 * 16, 2_400_000);
        AssertFires(timers, new SortedSet<(long, long)>(last.Select(static timer => (timer.Value, timer.Key))), long.MaxValue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Frozen_versions_have_the_timers_of_their_barrier(int seed)
    {
        var random = new Random(seed);
        var (timers, expected) = (Create(), new SortedSet<(long Time, long Key)>());
        var versions = new List<Saved>();
        var now = 0L;
        for (var freeze = 0; freeze < 60; freeze++)
        {
            var frozen = timers.Freeze(all: freeze % 20 == 0);
            var atBarrier = expected.ToList();

            // The timers change before the version is read.
            for (var step = 0; step < 1_000; step++)
            {
                var (time, key) = (now + 1 + random.NextInt64(100_000), random.NextInt64(20));
                if (random.Next(4) == 0)
                {
                    timers.Delete(time, new LongKey(key));
                    expected.Remove((time, key));
                }
                else
                {
                    timers.Set(time, new LongKey(key));
                    expected.Add((time, key));
                }

                if (random.Next(10) == 0)
                {
                    now += random.Next(700);
                    AssertFires(timers, expected, now);
                }
            }

            if (frozen.IsWhole)
            {
                versions.Clear();
            }

            versions.Add(Read(frozen));
            frozen.End();
            AssertRestores(versions, atBarrier);
        }
    }

    // So many timers are set among those that fire next that these are distributed again.
    [Fact]
    public void Timers_that_have_fired_do_not_fire_again_after_a_restart()
    {
        const long start = 1_704_067_200_000_000;
        var (timers, expected) = (Create(), new SortedSet<(long Time, long Key)>());
        for (var number = 0; number < 100; number++)
        {
            timers.Set(start + number * 1_000_000L, new LongKey(number));
            expected.Add((start + number * 1_000_000L, number));
        }

        var frozen = timers.Freeze(all: true);
        List<Saved> versions = [Read(frozen)];
        frozen.End();
        AssertFires(timers, expected, start + 10_500_000);
        for (var number = 0; number < 300; number++)
        {
            timers.Set(start + 10_500_001 + number * 1_000_000L, new LongKey(1_000 + number));
            expected.Add((start + 10_500_001 + number * 1_000_000L, 1_000 + number));
        }

        frozen = timers.Freeze(all: false);
        if (frozen.IsWhole)
        {
            versions.Clear();
        }

        versions.Add(Read(frozen));
        frozen.End();
        AssertRestores(versions, [.. expected]);
    }

    [Fact]
    public void Many_timers_of_one_instant_are_in_the_account_and_their_memory_is_given_back()
    {
        const int count = 200_000;
        var budget = new StateBudget("Shop", null);
        var timers = new TimerHeap<LongKey>(TableSecret.None, budget.For("Timers"));
        for (var number = 0; number < count; number++)
        {
            timers.Set(1_000_000, new LongKey(number));
        }

        var before = budget.Bytes;
        Assert.True(timers.TryPeek(long.MaxValue, out _));
        Assert.InRange(budget.Bytes, count * 48L, before + count * 48L);
        while (timers.TryPeek(long.MaxValue, out _))
        {
            timers.Take();
        }

        timers.Set(5_000_000, new LongKey(1));
        Assert.True(timers.TryPeek(long.MaxValue, out _));
        Assert.InRange(budget.Bytes, 0, count * 16L);
    }

    private static void AssertRestores(List<Saved> versions, List<(long, long)> expected)
    {
        var restored = Create();
        foreach (var change in versions.SelectMany(static version => version.Changes))
        {
            if (versions[^1].First.Includes(in change))
            {
                restored.Restore(in change);
            }
        }

        AssertFires(restored, new SortedSet<(long, long)>(expected), long.MaxValue);
    }

    private static Saved Read(TimerFreeze<LongKey> frozen)
    {
        var visitor = new Collector([]);
        frozen.Read(ref visitor);
        return new Saved(frozen.First, visitor.Changes);
    }

    private static TimerHeap<LongKey> Create() => new(TableSecret.None);

    // Fires the timers before a time, and removes them from the expected ones.
    private static void AssertFires(TimerHeap<LongKey> timers, SortedSet<(long Time, long Key)> expected, long limit)
    {
        while (timers.TryPeek(limit, out var timer))
        {
            timers.Take();
            var first = expected.Min;
            Assert.True(first == (timer.Time, timer.Key.Value), $"{timer.Time} of {timer.Key} has fired, not {first}.");
            expected.Remove(first);
        }

        Assert.False(expected.Count > 0 && expected.Min.Time < limit, $"{expected.Min} has not fired before {limit}.");
    }

    private sealed record Saved(FirstTimer<LongKey> First, List<TimerChange<LongKey>> Changes);

    private readonly struct Collector(List<TimerChange<LongKey>> changes) : IImageVisitor<TimerChange<LongKey>>
    {
        public List<TimerChange<LongKey>> Changes => changes;

        public void Visit(ReadOnlySpan<TimerChange<LongKey>> images) => changes.AddRange(images);
    }
}
