using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Compares the Penstock side of ratios with that of another build of these benchmarks, in one process. Two processes of the same build
/// differ by more than most changes do, because of different memory addresses; consecutive rounds in one process do not.
/// </summary>
internal static class OtherBuild
{
    private const int Rounds = 12;

    /// <summary>Measures the ratios with these names, or all that both builds have.</summary>
    /// <param name="folder">The folder with the other build.</param>
    /// <param name="names">The names; none for all.</param>
    /// <param name="least">The minimum ratio of this build to the other one.</param>
    /// <returns>Whether every ratio reached it.</returns>
    public static bool Compare(string folder, IReadOnlyCollection<string> names, double least)
    {
        var assembly = typeof(OtherBuild).Assembly;
        var now = RatiosOf(assembly);
        var other = Path.Combine(Path.GetFullPath(folder), Path.GetFileName(assembly.Location));
        var met = true;
        Console.WriteLine("name | this build, M rows/s | other build, M rows/s | ratio | this build against itself");
        Console.WriteLine("---|---:|---:|---:|---:");
        foreach (var name in names.Count > 0 ? names : now.Keys)
        {
            // Loads both builds twice, in this order: the build that is loaded first is often slower by a few percent.
            var runs = new[] { assembly.Location, other, other, assembly.Location }
                .Select(build => RatiosOf(Load(build)).GetValueOrDefault(name)?.Invoke())
                .ToArray();
            if (runs.Any(static run => run == null))
            {
                Console.WriteLine($"`{name}` | not in both builds");
                met &= names.Count == 0;
                continue;
            }

            var rates = Measure(runs!);
            double[] medians = [.. rates.Select(Median)];
            var ratio = Median(rates[0].Concat(rates[3])) / Median(rates[1].Concat(rates[2]));
            met &= ratio >= least;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"`{name}` | {Median(rates[0].Concat(rates[3])):F2} | {Median(rates[1].Concat(rates[2])):F2} | {ratio:F3}{(ratio >= least ? "" : " MISSED")} | {medians[3] / medians[0]:F3}"));
        }

        return met;
    }

    private static List<double>[] Measure(Func<long>[] runs)
    {
        var rates = runs.Select(static _ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var turn = 0; turn < runs.Length; turn++)
            {
                var run = (turn + round) % runs.Length;
                GC.Collect();
                GC.WaitForPendingFinalizers();
                var clock = Stopwatch.StartNew();
                var rate = runs[run]() / clock.Elapsed.TotalMicroseconds;

                // The first rounds warm up the code.
                if (round > 1)
                {
                    rates[run].Add(rate);
                }
            }
        }

        return rates;
    }

    private static double Median(IEnumerable<double> rates)
    {
        double[] sorted = [.. rates.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    // Each load has its own copies of Penstock and of the rows.
    private static Assembly Load(string path) => new Copy(Path.GetDirectoryName(path)!).LoadFromAssemblyPath(path);

    // Uses reflection, because the types of another build are different types.
    private static Dictionary<string, Func<Func<long>>> RatiosOf(Assembly build) => build.GetTypes()
        .Select(static type => type.GetProperty("All", BindingFlags.Static | BindingFlags.Public)?.GetValue(null))
        .OfType<IEnumerable<object>>()
        .SelectMany(static ratios => ratios)
        .ToDictionary(
            static ratio => (string)Read(ratio, nameof(Ratio.Name)),
            static ratio => (Func<Func<long>>)Read(ratio, nameof(Ratio.Penstock)));

    private static object Read(object ratio, string property) => ratio.GetType().GetProperty(property)!.GetValue(ratio)!;

    private sealed class Copy(string folder) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName name) =>
            Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
