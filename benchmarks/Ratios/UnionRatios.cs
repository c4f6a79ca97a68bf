using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Measures the cost of a union: a chain after a union of two sources compared with the chain alone, over the same number of rows, both
/// from source to sink.
/// </summary>
internal static class UnionRatios
{
    // As many rows as fit in the cache of the processor, repeatedly.
    private const int RowsInCache = 256 * 1024;
    private const int Repeats = 64;

    private static readonly Lazy<Reading[]> Readings = new(() =>
    {
        var random = new Random(1);
        return [
            .. Enumerable.Range(0, RowsInCache).Select(index => new Reading(random.NextInt64(), random.Next(0, 1000), index % 50, 1.5))
        ];
    });

    public static IEnumerable<Ratio> All => [new Ratio("union", 0.9, () => Union, "the chain alone", () => Chain)];

    // Each of the two sources reads all rows.
    private static long Union()
    {
        Harness.Run<UnionPipeline>(new MemoryRows<Reading>(Readings.Value, 1, Repeats / 2), static _ => { });
        return (long)RowsInCache * Repeats;
    }

    private static long Chain()
    {
        Harness.Run<ChainPipeline>(new MemoryRows<Reading>(Readings.Value, 1, Repeats), static _ => { });
        return (long)RowsInCache * Repeats;
    }
}
