using System.Diagnostics;
using System.Globalization;

namespace Penstock.Benchmarks.Cold;

/// <summary>
/// Measures whole processes, from start to exit, of a program that was built from the packages. The peer is the same program without the
/// start-up optimizations of the packages: code compiled ahead of time, and settings of the .NET runtime. Both alternate; the medians
/// count.
/// </summary>
internal static class ColdBenchmark
{
    private const int Rounds = 9;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    // If the bar is null, the figure is only for information.
    private static readonly (string Name, double? Bar, string MaxDelay, bool IsWholeFile)[] Rows =
    [
        ("cold-sample", null, "4h", false),
        ("cold-flights", 0.6, "28h", true),
        ("cold-flights-late", null, "30m", true),
    ];

    /// <summary>Runs all measurements.</summary>
    /// <returns>Whether every bar was met.</returns>
    public static bool Run()
    {
        using var sample = new PackagedSample();
        Console.WriteLine("name | Penstock, ms | settings off, ms | ratio | bar | middle half of the runs, ms");
        Console.WriteLine("---|---:|---:|---:|---:|---");
        var met = true;
        foreach (var (name, bar, maxDelay, isWholeFile) in Rows)
        {
            string[] arguments = isWholeFile ? ["--input", FlightsFile.CsvPath, "--max-delay", maxDelay] : ["--max-delay", maxDelay];
            var ours = new List<double>();
            var plain = new List<double>();
            for (var round = 0; round <= Rounds; round++)
            {
                var first = Measure(sample, sample.Program, arguments);
                var second = Measure(sample, sample.PlainProgram, arguments);

                // The first round loads the files into the cache of the system.
                if (round > 0)
                {
                    ours.Add(first);
                    plain.Add(second);
                }
            }

            ours.Sort();
            plain.Sort();
            var ratio = ours[Rounds / 2] / plain[Rounds / 2];
            var isMet = bar == null || ratio <= bar;
            met &= isMet;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"`{name}` | {ours[Rounds / 2]:F0} | {plain[Rounds / 2]:F0} | {ratio:F2} | {(bar == null ? "" : $"<= {bar:F2}")}{(isMet ? "" : " MISSED")} | {Middle(ours)}, {Middle(plain)}"));
        }

        return met;
    }

    private static string Middle(List<double> sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 4]:F0} to {sorted[sorted.Count * 3 / 4]:F0}");

    private static double Measure(PackagedSample sample, string program, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments, "--output", sample.EmptyOutput()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Timeout}.");
        }

        var elapsed = clock.Elapsed.TotalMilliseconds;
        return process.ExitCode == 0
            ? elapsed
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{output.Result}{errors.Result}");
    }
}
