using System.Globalization;
using System.Text;
using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Windows;
using Penstock.Testing.Simulation;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>
/// Power cuts at random file operations lose everything unsynced. Committed output remains, and the job ends with the output of an
/// undisturbed run.
/// </summary>
public class PowerCutTests(ITestOutputHelper output)
{
    private const int Rows = 4000;
    private const string PowerIsGone = "The power is gone.";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_power_cut_loses_nothing_that_was_committed(int parallelism)
    {
        var expected = await RunAsync(Prepared(), parallelism, cutAfter: null);
        Assert.True(expected.Finished);
        for (var seed = 1; seed <= Thoroughness.Times(25, brief: 8); seed++)
        {
            var random = new Random(seed);
            var files = Prepared();
            var cuts = 0;
            var committed = new HashSet<string>();
            while (true)
            {
                var (finished, rows) = await RunAsync(files, parallelism, cuts < 8 ? random.Next(1, 60) : null);
                if (finished)
                {
                    Assert.Equal(expected.Rows, rows);
                    break;
                }

                cuts++;
                files.CutPower();
                var left = Visible(files);
                Assert.True(committed.IsSubsetOf(left), $"seed {seed}: a part that was committed is gone after a power cut");
                committed = left;
            }

            output.WriteLine($"seed {seed}: {cuts} cuts");
            Assert.DoesNotContain(files.Files, path => path.EndsWith(".tmp", StringComparison.Ordinal));
        }
    }

    internal static SimulatedFiles Prepared(int rows = Rows)
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        using (var file = files.Create("/in/clicks.csv"))
        {
            var text = new StringBuilder("user,at,value\n");
            for (var index = 0; index < rows; index++)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"u{index * 31 % 97},{WindowTests.Start(index / 20d).UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff},{index % 5}\n");
            }

            file.Append(Encoding.ASCII.GetBytes(text.ToString()));
            file.Sync();
        }

        files.SyncDirectory("/in");
        files.SyncDirectory("/");
        return files;
    }

    private static HashSet<string> Visible(SimulatedFiles files) =>
        [.. files.Visible("/out/")];

    private static async Task<(bool Finished, string[] Rows)> RunAsync(SimulatedFiles files, int parallelism, int? cutAfter)
    {
        var left = cutAfter;
        files.Before = (_, _) =>
        {
            if (left is { } count)
            {
                left = count - 1;
                if (left <= 0)
                {
                    throw new IOException(PowerIsGone);
                }
            }
        };
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = 16, ChannelCapacity = 2 };
        options.Checkpoints.Path = "/checkpoints";
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
        options.Restart.Strategy = RestartStrategy.None;
        options.Sources["Clicks"] = new SourceOptions { Path = "/in/clicks.csv", SplitSize = 20_000, Rate = 40_000 };
        options.Sinks["Counts"] = new SinkOptions { Path = "/out/counts.csv", RollSize = 4000 };
        options.Sinks["Late"] = new SinkOptions { Path = "/out/late.csv" };
        var environment = TestEnvironment.Create("Clicks", options) with { Files = files };
        var runner = environment.RunnerOf<ClicksPipeline>();
        try
        {
            await runner.RunAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or SinkException or CheckpointFailedException)
        {
            return (false, []);
        }
        catch (PipelineException error) when (error.InnerException is IOException { Message: PowerIsGone })
        {
            // The start makes the checkpoint folder durable. If this fails, the error names the unusable folder, and the process ends.
            return (false, []);
        }
        finally
        {
            files.Before = null;
        }

        var rows = files.Visible("/out/").SelectMany(path => files.LinesOf(path).Skip(1));
        return (true, [.. rows.Order(StringComparer.Ordinal)]);
    }
}
