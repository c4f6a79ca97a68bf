using System.Text;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Time;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Hosting.Monitoring;

/// <summary>Every row that a source reads is accounted for, exactly, whatever happens on the way.</summary>
public sealed class RowAccountTests
{
    private const int Lines = 6_000;
    private const long Start = 1_000_000_000_000_000;

    private readonly MemoryFileSystem _files = new();
    private readonly CollectedLogs _logs = new();

    [Theory]
    [InlineData(1, BadRowPolicy.SideOutput)]
    [InlineData(2, BadRowPolicy.Skip)]
    [InlineData(3, BadRowPolicy.SideOutput)]
    public async Task Rows_read_are_those_handed_on_and_bad_ones_across_crashes_and_stops(int seed, BadRowPolicy policy)
    {
        var random = new Random(seed);
        var (bad, late, older) = Write(random);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await CrashAsync(random.Next(1, 4), random.Next(1, 4), policy);
        }

        var runner = Environment(2, rate: null, policy).RunnerOf<MicrosecondTicks>();
        await runner.RunAsync(TestContext.Current.CancellationToken);
        var status = runner.Status();
        Assert.Equal(PipelineState.Finished, status.State);
        var source = Assert.Single(status.Sources);
        Assert.Equal(
            new SourceStatus("Rows", Lines, Lines - bad, bad, late) { RowsOutOfOrder = older, StalledSplits = source.StalledSplits },
            source);
        Assert.Empty(source.StalledSplits);
        Assert.Equal((Lines - bad, bad, late), (status.Rows, status.Bad, status.Late));
        Assert.Contains(
            $"Pipeline MicrosecondTicks has finished: its input has ended and all output is committed. Source 'Rows': {Lines} rows read = {Lines - bad} emitted + {bad} bad; {late} of them late.",
            _logs.Entries.Select(static entry => entry.Text));

        // Said once for each attempt, and only where nobody else gets to see the row.
        var warnings = _logs.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text)
            .ToLookup(static text => text.Contains("are not in order", StringComparison.Ordinal));
        Assert.InRange(warnings[true].Count(), 1, 7);
        var skipped = warnings[false].ToList();
        Assert.Equal(
            policy == BadRowPolicy.Skip,
            skipped.Exists(static text => text.StartsWith(
                "Source Rows of pipeline MicrosecondTicks has bad rows; they are skipped (OnBadRow). The first is at ticks.csv, line ",
                StringComparison.Ordinal)));
        Assert.InRange(skipped.Count, policy == BadRowPolicy.Skip ? 1 : 0, policy == BadRowPolicy.Skip ? 7 : 0);
    }

    // One split, so that a plain loop knows which rows are late.
    private (int Bad, int Late, int Older) Write(Random random)
    {
        var (bad, late, older) = (0, 0, 0);
        var now = Start;
        var newest = long.MinValue;
        var text = new StringBuilder("user,at\n");
        for (var line = 0; line < Lines; line++)
        {
            now += random.Next(1_000_000);
            var at = random.Next(20) == 0 ? now - random.Next(40_000_000) : now;
            switch (random.Next(15))
            {
                case 0:
                    text.Append("ann,soon\n");
                    bad++;
                    break;
                case 1:
                    text.Append("ann,").Append(long.MaxValue).Append('\n');
                    bad++;
                    break;
                default:
                    text.Append("u").Append(line % 7).Append(',').Append(at).Append('\n');
                    late += newest != long.MinValue && at / 10_000_000 * 10_000_000 + 10_000_000 <= newest ? 1 : 0;
                    older += at < newest ? 1 : 0;
                    newest = Math.Max(newest, at);
                    break;
            }
        }

        _files.Add("ticks.csv", text.ToString());
        return (bad, late, older);
    }

    // Takes some checkpoints while rows are read, and crashes: what was counted behind the last one was not.
    private async Task CrashAsync(int checkpoints, int parallelism, BadRowPolicy policy)
    {
        var environment = Environment(parallelism, rate: 20_000, policy);
        using var attempt = await Attempt.RestoreAsync(
            PipelineDefinition.Of<MicrosecondTicks>(),
            environment,
            new CheckpointStore(new FolderStorage(_files, "checkpoints", environment.Name), Guid.NewGuid));
        attempt.Start();
        for (var taken = 0; taken < checkpoints; taken++)
        {
            await attempt.CheckpointAsync();
        }

        await attempt.CrashAsync();
    }

    private ExecutionEnvironment Environment(int parallelism, double? rate, BadRowPolicy policy)
    {
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = 16, ChannelCapacity = 2 };
        options.Sources["Rows"] = new SourceOptions { Rate = rate, OnBadRow = policy };
        options.Restart.Strategy = RestartStrategy.None;
        options.Checkpoints.Path = "checkpoints";
        return TestEnvironment.Create("MicrosecondTicks", options) with { Log = _logs, Files = _files };
    }
}
