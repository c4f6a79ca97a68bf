using Penstock.Benchmarks.Kafka;
using Penstock.Tests;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>The short form of <c>benchmarks -- kafka-torture</c>.</summary>
public sealed class TortureTests(ITestOutputHelper output)
{
    private const int Seed = 5;

    private static readonly int Kills = Thoroughness.Times(10, brief: 4);

    [Fact]
    public async Task Kills_of_the_job_and_of_the_broker_leave_every_row_there_once()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        var lines = File.ReadLines(Path.Combine(RepositoryFolder.Path, "samples", "FlightDelays", "flights-sample.csv")).Skip(1).ToList();
        var job = Path.Combine(
            RepositoryFolder.Path,
            "benchmarks",
            "bin",
            Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!,
            "net10.0",
            "Penstock.Benchmarks.dll");

        var report = await new KafkaTorture(lines, job, Seed, output.WriteLine).RunAsync(Kills);

        Assert.Empty(report.Problems);
        Assert.Equal(Kills, report.Kills.Values.Sum());
        Assert.Equal(Kills / 2, report.BrokerKills);
        Assert.True(report.Kills.Count > 1, "No place but random ones was met.");
    }
}
