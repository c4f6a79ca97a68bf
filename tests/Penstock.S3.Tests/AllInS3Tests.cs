using System.Globalization;
using Amazon.S3.Model;
using FlightDelays.Tests;
using Penstock.Tests;
using static Penstock.S3.Tests.SampleSteps;

namespace Penstock.S3.Tests;

/// <summary>The real process with input, output and checkpoints in S3: it is killed, and the output is the same.</summary>
public sealed class AllInS3Tests(ITestOutputHelper output)
{
    private static readonly int Kills = Thoroughness.Times(8, brief: 4);

    private readonly Random _random = NewRandom(output);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_again_and_again_the_job_gives_the_answer_and_shows_nothing_too_early(int parallelism)
    {
        await using var server = await StartWithInputAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. ArgumentsOf(server), "--parallelism", $"{parallelism}"];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", "1500"]);
            if (kill % 2 == 0)
            {
                await WaitForNewCheckpointAsync(server, process);
            }

            var until = DateTime.UtcNow.AddMilliseconds(_random.Next(700));
            do
            {
                await AssertNothingIsTooEarlyAsync(server);
            }
            while (DateTime.UtcNow < until);

            Assert.False(process.HasExited, "The job ended too soon.");
            process.Kill();
        }

        await AssertFinishesAsync(server, workspace, new SampleProcess(workspace, arguments));
    }

    // Objects that were listed earlier cannot be newer than those listed later.
    private static async Task AssertNothingIsTooEarlyAsync(S3Server server)
    {
        var parts = (await KeysAsync(server, "out/")).Where(key => key.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        var newest = await NewestCheckpointAsync(server);
        Assert.All(parts, key => Assert.InRange(long.Parse(key.Split('-')[^3], CultureInfo.InvariantCulture), 1, newest));
    }

    private async Task AssertFinishesAsync(S3Server server, Workspace workspace, SampleProcess process)
    {
        using (process)
        {
            var (exitCode, text, error) = await process.ResultAsync();
            Assert.True(exitCode == 0, error);
            output.WriteLine($"{(await KeysAsync(server, "out/")).Length} objects after {Kills} kills");
            var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), SplitSize);
            await FetchAsync(server, workspace);
            workspace.AssertAnswer(expected);
            Assert.Equal(expected.Rows, SampleProcess.Figure(text, "rows"));
            using var client = server.Client();
            var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Bucket, Prefix = "out/" });
            Assert.Empty(uploads.MultipartUploads ?? []);
            Assert.DoesNotContain(await KeysAsync(server, "out/"), key => key.EndsWith(".owner", StringComparison.Ordinal));
        }
    }
}
