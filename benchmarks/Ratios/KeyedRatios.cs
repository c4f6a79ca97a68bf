using System.Runtime.InteropServices;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>Keyed state compared with a dictionary.</summary>
internal static class KeyedRatios
{
    private const int BatchSize = 1024;
    private const int Keys = 100_000;
    private const int Rows = 10_000_000 / BatchSize * BatchSize;

    private static readonly Lazy<Hit[]> Hits = new(() =>
    {
        var random = new Random(1);
        var keys = Enumerable.Range(0, Keys).Select(_ => random.NextInt64()).ToArray();
        return [.. Enumerable.Range(0, Rows).Select(_ => new Hit(keys[random.Next(Keys)]))];
    });

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("keyed-count", 0.8, Count, "Dictionary with CollectionsMarshal", ByHand),
        new Ratio("keyed-count-ttl", 0.4, CountRecent, "Dictionary with CollectionsMarshal", ByHand),
        new Ratio("distinct", 0.8, Distinct, "HashSet", DistinctByHand),
        new Ratio("keyed-map", 0.5, MapCount, "Dictionary by two keys, with CollectionsMarshal", MapByHand),
        new Ratio("keyed-count-exchange", 0.5, () => CountExchange, "Dictionary with CollectionsMarshal", ByHand),
    ];

    private static Func<long> Count() => Count<KeyedCountPipeline, Hit>(Hits.Value);

    private static Func<long> CountRecent() => Count<RecentCountPipeline, Hit>(Hits.Value);

    private static Func<long> Distinct() => Count<DistinctHitsPipeline, Hit>(Hits.Value, nameof(DistinctHitsPipeline.First));

    private static Func<long> MapCount() => Count<MapCountPipeline, View>(Views());

    private static Func<long> Count<TPipeline, T>(T[] rows, string operatorId = "Popular")
        where TPipeline : class, IPipeline
    {
        var batches = Harness.Batches(rows, BatchSize);
        return () =>
        {
            var task = Harness.Task<TPipeline, T>(operatorId, new MemoryRows<T>([], 1));
            foreach (var batch in batches)
            {
                task.Receive(batch);
            }

            return Rows;
        };
    }

    // A thousand sites; their pages are about as many as the keys in the other benchmarks.
    private static View[] Views() => [.. Hits.Value.Select(static hit => new View((hit.Page & 0xFFFF) % 1000, hit.Page))];

    private static Func<long> MapByHand()
    {
        var views = Views();
        return () =>
        {
            var counts = new Dictionary<(long Site, long Page), long>();
            foreach (ref readonly var view in views.AsSpan())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, (view.Site, view.Page), out _)++;
            }

            GC.KeepAlive(counts);
            return Rows;
        };
    }

    private static long CountExchange()
    {
        Harness.Run<KeyedCountPipeline>(new MemoryRows<Hit>(Hits.Value, 2), options => options.Parallelism = 2);
        return Rows;
    }

    private static Func<long> DistinctByHand()
    {
        var batches = Harness.Batches(Hits.Value, BatchSize).Select(batch => batch.Rows).ToArray();
        return () =>
        {
            var seen = new HashSet<long>();
            var first = new List<Hit>();
            foreach (var batch in batches)
            {
                foreach (ref readonly var hit in batch.AsSpan())
                {
                    if (seen.Add(hit.Page))
                    {
                        first.Add(hit);
                    }
                }
            }

            GC.KeepAlive(first);
            return Rows;
        };
    }

    private static Func<long> ByHand()
    {
        var batches = Harness.Batches(Hits.Value, BatchSize).Select(batch => batch.Rows).ToArray();
        return () =>
        {
            var counts = new Dictionary<long, long>();
            foreach (var batch in batches)
            {
                foreach (ref readonly var hit in batch.AsSpan())
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, hit.Page, out _)++;
                }
            }

            GC.KeepAlive(counts);
            return Rows;
        };
    }
}
