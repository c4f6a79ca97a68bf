using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock;

namespace FlightDelays.Tests;

/// <summary>The pipeline of the sample gives the output of the oracle for all bundled data, in every kind of run.</summary>
public class OracleTests
{
    private const string SmallSplits = "64KB";
    private const long SmallSplitBytes = 64 * 1024;

    public static TheoryData<int, int, string, bool> Ways()
    {
        var ways = new TheoryData<int, int, string, bool>();
        foreach (var parallelism in (int[])[1, 2, 4])
        {
            foreach (var batchSize in (int[])[1, 7, 1024])
            {
                foreach (var maxDelay in (string[])["0s", "30m", "28h"])
                {
                    ways.Add(parallelism, batchSize, maxDelay, false);
                    ways.Add(parallelism, batchSize, maxDelay, true);
                }
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_answer_depends_on_the_splits_alone(int parallelism, int batchSize, string maxDelay, bool manySplits)
    {
        using var workspace = new Workspace();
        var arguments = Arguments.Parse([
            "--input", Workspace.Excerpt, "--output", workspace.Output, "--parallelism", $"{parallelism}", "--batch-size", $"{batchSize}",
            "--max-delay", maxDelay, "--checkpoint-interval", "30ms", .. manySplits ? (string[])["--split-size", SmallSplits] : []]);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(arguments.Settings);
        builder.AddPipeline<FlightDelaysPipeline>();
        using var host = builder.Build();
        await host.RunPipelinesAsync();

        var delay = maxDelay == "0s" ? TimeSpan.Zero : maxDelay == "30m" ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(28);
        var expected = Oracle.Of(Workspace.Excerpt, delay, manySplits ? SmallSplitBytes : long.MaxValue);
        if (maxDelay == "0s")
        {
            Assert.NotEmpty(expected.Late);
        }

        workspace.AssertAnswer(expected);
    }
}
