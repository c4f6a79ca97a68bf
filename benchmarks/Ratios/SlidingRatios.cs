using System.Runtime.InteropServices;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>Windows of an hour that end each second, for 1,000 keys and 10,000 rows in each second of event time.</summary>
internal static class SlidingRatios
{
    private const int Pages = 1000;
    private const int PerSecond = 10_000;
    private const int Slices = 3600;
    private const int Seconds = 3 * Slices / 2;
    private const long Second = 1_000_000;

    // Updating all windows of each row takes so long that fewer rows must do.
    private const int SecondsOfAll = 2;

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("sliding-1h-1s", 100, () => Run, "a dictionary for each window, all updated for each row", () => UpdateAll, Rounds: 3),
        new Ratio("sliding-slices", 0.5, () => Run, "a dictionary for each slice, two stacks for each key", () => BySlices, Rounds: 3),
    ];

    private static long Run()
    {
        var rows = new ClickRows(Pages, PerSecond, Seconds);
        Harness.Run<SlidingCountPipeline>(rows, static options => options.Parallelism = 1);
        return rows.Count;
    }

    private static long UpdateAll()
    {
        var rows = new ClickRows(Pages, PerSecond, SecondsOfAll);
        var windows = Enumerable.Range(0, Slices + SecondsOfAll).Select(static _ => new Dictionary<long, long>(Pages)).ToArray();
        for (var number = 0L; number < rows.Count; number++)
        {
            var click = rows[number];
            foreach (var window in windows.AsSpan((int)(click.At / Second), Slices))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(window, click.Page, out _)++;
            }
        }

        GC.KeepAlive(windows);
        return rows.Count;
    }

    private static long BySlices()
    {
        var rows = new ClickRows(Pages, PerSecond, Seconds);
        var keys = new Dictionary<long, Aggregates>(Pages);
        var slice = new Dictionary<long, long>(Pages);
        var checksum = 0L;
        var next = 0L;
        var click = rows[next];
        for (var second = 0; second < Seconds + Slices; second++)
        {
            slice.Clear();
            for (; next < rows.Count && click.At / Second == second; click = rows[++next])
            {
                CollectionsMarshal.GetValueRefOrAddDefault(slice, click.Page, out _)++;
            }

            foreach (var (page, count) in slice)
            {
                ref var aggregates = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, page, out _);
                (aggregates ??= new Aggregates()).Add(second, count);
            }

            foreach (var aggregates in keys.Values)
            {
                checksum += aggregates.Sum(second - Slices);
            }
        }

        return checksum == Slices * rows.Count ? rows.Count : throw new InvalidOperationException($"The checksum is {checksum}.");
    }

    private sealed class Aggregates
    {
        private readonly (int Second, long Sum)[] _older = new (int, long)[Slices];
        private readonly (int Second, long Count)[] _newer = new (int, long)[Slices + 1];
        private int _olderCount;
        private int _newerCount;
        private long _running;

        public void Add(int second, long count)
        {
            Evict(second - Slices);
            _newer[_newerCount++] = (second, count);
            _running += count;
        }

        public long Sum(int evicted)
        {
            Evict(evicted);
            return _running + (_olderCount > 0 ? _older[_olderCount - 1].Sum : 0);
        }

        private void Evict(int evicted)
        {
            while (_olderCount > 0 && _older[_olderCount - 1].Second <= evicted)
            {
                _olderCount--;
            }

            if (_olderCount == 0 && _newerCount > 0 && _newer[0].Second <= evicted)
            {
                var sum = 0L;
                for (; _newerCount > 0 && _newer[_newerCount - 1].Second > evicted; _newerCount--)
                {
                    sum += _newer[_newerCount - 1].Count;
                    _older[_olderCount++] = (_newer[_newerCount - 1].Second, sum);
                }

                (_newerCount, _running) = (0, 0);
            }
        }
    }
}
