using System.Globalization;
using Penstock.Runtime.Tests.Fuzzing;

namespace Penstock.Benchmarks.Fuzz;

/// <summary>The long form of the fuzz tests: runs mutated inputs for any time. Each input can be repeated by its seed.</summary>
internal static class FuzzBenchmark
{
    /// <summary>Runs all targets.</summary>
    /// <returns>Whether nothing was found.</returns>
    public static bool Run(string minutes)
    {
        var time = TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        var seed = Random.Shared.Next(1 << 30);
        var findings = 0;
        Console.WriteLine($"{Fuzzer.Targets.Count} targets, seeds from {seed} on, {time}");
        var count = Fuzzer.Run(seed, time, finding =>
        {
            findings++;
            Print(finding);
        });
        Console.WriteLine($"{count} inputs, {findings} findings");
        return findings == 0;
    }

    /// <summary>Runs one input of a target again.</summary>
    /// <returns>Whether nothing was found.</returns>
    public static bool RunOne(string target, string seed)
    {
        var finding = Fuzzer.Run(Fuzzer.Targets.Single(known => known.Name == target), int.Parse(seed, CultureInfo.InvariantCulture));
        if (finding != null)
        {
            Print(finding);
        }

        return finding == null;
    }

    private static void Print(FuzzFinding finding) =>
        Console.WriteLine(
            $"fuzz {finding.Target} {finding.Seed}\n{(finding.Error.Length < 4_000 ? finding.Error : finding.Error[..4_000])}\n");
}
