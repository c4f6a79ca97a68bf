using Amazon.S3.Model;
using FlightDelays.Tests;
using static Penstock.S3.Tests.SampleSteps;

namespace Penstock.S3.Tests;

/// <summary>The real process reads objects that are added while it runs.</summary>
public sealed class ComingObjectsTests(ITestOutputHelper output)
{
    private readonly Random _random = NewRandom(output);

    [Fact]
    public async Task Objects_that_come_while_it_runs_are_read_once_whatever_is_killed()
    {
        await using var server = await StartServerAsync();
        using var workspace = new Workspace();
        using var client = server.Client();
        var lines = File.ReadAllLines(Workspace.Excerpt);
        var chunks = lines.Skip(1).Chunk(1000).Select((rows, number) => (Key: $"in/{number:D3}.csv", Rows: rows)).ToList();
        string[] arguments = [.. ArgumentsOf(server), "--poll", "50ms", "--max-delay", "400d", "--rate", "8000"];
        var process = new SampleProcess(workspace, arguments);
        try
        {
            foreach (var (index, chunk) in chunks.Index())
            {
                await PutAsync(chunk.Key, chunk.Rows);
                process.Wait(TimeSpan.FromMilliseconds(_random.Next(150)));
                Assert.False(process.HasExited, "The job ended too soon.");
                if (index % 10 == 9)
                {
                    await WaitForNewCheckpointAsync(server, process);
                    server.Kill();
                    process.Wait(TimeSpan.FromMilliseconds(_random.Next(300)));
                    await server.RestartAsync();
                }
                else if (index % 3 == 2)
                {
                    process.Kill();
                    process.Dispose();
                    process = new SampleProcess(workspace, [.. arguments, "--parallelism", $"{_random.Next(1, 4)}"]);
                }
            }

            // A flight so late that all windows before it close.
            await PutAsync("in/last.csv", ["2009-01-01T00:00,0,1,ZZZ,ZZZ"]);
            var expected = Oracle.Of(Workspace.Excerpt, TimeSpan.FromDays(400));
            for (var until = DateTime.UtcNow + Patience; workspace.Delays().Length < expected.Delays.Length;)
            {
                Assert.True(DateTime.UtcNow < until, $"{workspace.Delays().Length} of {expected.Delays.Length} windows.");
                Assert.False(process.HasExited, process.HasExited ? (await process.ResultAsync()).Error : "");
                process.Wait(TimeSpan.FromMilliseconds(200));
                await FetchAsync(server, workspace);
            }

            process.Terminate();
            Assert.Equal(0, (await process.ResultAsync()).ExitCode);
            await FetchAsync(server, workspace);
            Assert.Equal(expected.Delays, workspace.Delays());
            Assert.Empty(workspace.Late());
        }
        finally
        {
            process.Dispose();
        }

        Task PutAsync(string key, string[] rows) =>
            client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                ContentBody = string.Join('\n', [lines[0], .. rows, ""])
            });
    }
}
