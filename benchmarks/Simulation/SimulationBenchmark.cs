using System.Diagnostics;
using System.Globalization;
using Penstock.Runtime.Tests.Testing.Simulation;

namespace Penstock.Benchmarks.Simulation;

/// <summary>
/// Runs simulations, in which a seed decides everything that happens, and compares the output of the pipelines with that of plain loops.
/// </summary>
internal static class SimulationBenchmark
{
    /// <summary>Runs a number of seeds.</summary>
    /// <param name="seeds">The number of seeds.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="jobs">The names of the jobs; empty for all.</param>
    /// <returns>Whether no output was different.</returns>
    public static bool Run(string seeds, string first, params string[] jobs)
    {
        if (jobs.FirstOrDefault(static job => !Simulations.All.Any(simulation => simulation.Name == job)) is { } unknown)
        {
            Console.WriteLine(
                $"There is no job '{unknown}'; there are {string.Join(", ", Simulations.All.Select(static simulation => simulation.Name))}.");
            return false;
        }

        var (count, start) = (int.Parse(seeds, CultureInfo.InvariantCulture), int.Parse(first, CultureInfo.InvariantCulture));
        var clock = Stopwatch.StartNew();
        var (steps, crashes, replacements, different) = (0L, 0L, 0L, 0);
        for (var seed = start; seed < start + count; seed++)
        {
            foreach (var (name, run) in Simulations.All.Where(simulation => jobs.Length == 0 || jobs.Contains(simulation.Name)))
            {
                var result = ResultOf(run, seed);
                steps += result.Steps;
                crashes += result.Crashes;
                replacements += result.Replacements;
                if (result.Difference != null)
                {
                    different++;
                    Console.WriteLine($"{name}, seed {seed}: {result.Difference}");
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.Elapsed.TotalSeconds:F1} s, {replacements} nodes replaced while they lingered"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} seeds, {steps} steps, {crashes} crashes, {different} different"));
        return different == 0;
    }

    private static SimulationResult ResultOf(Func<int, Action<string>?, SimulationResult> run, int seed)
    {
        try
        {
            return run(seed, null);
        }
        catch (Exception error)
        {
            return new SimulationResult(seed, 0, 0, 0, error.ToString());
        }
    }
}
