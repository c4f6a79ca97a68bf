using System.Diagnostics;
using System.Globalization;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Measures ratios. Both sides alternate in one process, and the best round of each counts: the machine can only make a round slower, so
/// the best one is closest to the cost of the code.
/// </summary>
internal static class RatioRunner
{
    /// <summary>Measures the ratios with these names, or all.</summary>
    /// <returns>Whether every bar was met.</returns>
    public static bool Run(IEnumerable<Ratio> ratios, IReadOnlyCollection<string> names)
    {
        Console.WriteLine("name | penstock M rows/s | peer M rows/s | ratio | bar | peer");
        Console.WriteLine("---|---:|---:|---:|---:|---");
        var met = true;
        foreach (var ratio in ratios)
        {
            if (names.Count > 0 && !names.Contains(ratio.Name))
            {
                continue;
            }

            var (penstock, peer) = Measure(ratio);
            var value = penstock / peer;
            met &= value >= ratio.Bar;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"`{ratio.Name}` | {penstock:F2} | {peer:F2} | {value:F2} | {ratio.Bar:F2}{(value >= ratio.Bar ? "" : " MISSED")} | {ratio.PeerName}"));
        }

        return met;
    }

    private static (double Penstock, double Peer) Measure(Ratio ratio)
    {
        var runPenstock = ratio.Penstock();
        var runPeer = ratio.Peer();
        var penstock = 0d;
        var peer = 0d;
        for (var round = 0; round <= ratio.Rounds; round++)
        {
            var first = Rate(runPenstock);
            var second = Rate(runPeer);

            // The first round warms up both.
            if (round > 0)
            {
                penstock = Math.Max(penstock, first);
                peer = Math.Max(peer, second);
            }
        }

        return (penstock, peer);
    }

    private static double Rate(Func<long> run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var clock = Stopwatch.StartNew();
        var rows = run();
        return rows / clock.Elapsed.TotalMicroseconds;
    }
}
