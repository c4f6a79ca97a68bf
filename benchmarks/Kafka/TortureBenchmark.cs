using System.Globalization;

namespace Penstock.Benchmarks.Kafka;

/// <summary>Runs the torture test with a hundred kills.</summary>
internal static class TortureBenchmark
{
    private const int Kills = 100;
    private const int Rows = 300_000;

    /// <summary>Runs the test and prints its report.</summary>
    /// <returns>Whether the output was correct.</returns>
    public static bool Run()
    {
        var seed = Environment.TickCount;
        var lines = File.ReadLines(FlightsFile.CsvPath).Skip(1).Take(Rows).ToList();
        var report = new KafkaTorture(lines, typeof(TortureBenchmark).Assembly.Location, seed, Console.Error.WriteLine).RunAsync(Kills)
            .GetAwaiter()
            .GetResult();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            what | figure
            ---|---:
            kills of the job | {report.Kills.Values.Sum()}
            {string.Join("\n", report.Kills.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $"… {pair.Key} | {pair.Value}"))}
            kills of the broker | {report.BrokerKills}
            rows in | {report.Rows}
            windows out | {report.Hours}
            counts out | {report.Counts}
            wrong, missing or doubled | {report.Problems.Count}
            seconds | {report.Seconds:F0}
            seed | {seed}
            """));
        foreach (var problem in report.Problems.Take(20))
        {
            Console.WriteLine(problem);
        }

        return report.Problems.Count == 0;
    }
}
