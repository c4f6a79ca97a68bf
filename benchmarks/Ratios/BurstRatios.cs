using Penstock.Benchmarks.Bursts;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>Windows that fire for many keys at once.</summary>
internal static class BurstRatios
{
    private const int Keys = 1_000_000;

    public static IEnumerable<Ratio> All =>
        [new Ratio(
            "window-burst",
            0.7,
            () => static () => Run(Keys),
            "the same rows in windows of a thousand keys",
            () => static () => Run(1000))];

    private static long Run(int perHour)
    {
        Harness.Run<BurstPipeline>(new VisitRows(Keys, perHour), static options => options.Parallelism = 2);
        return Keys;
    }
}
