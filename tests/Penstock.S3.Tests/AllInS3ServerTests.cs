using FlightDelays.Tests;
using Penstock.Tests;
using static Penstock.S3.Tests.SampleSteps;

namespace Penstock.S3.Tests;

/// <summary>The real process with input, output and checkpoints in S3. Its server is killed, or refuses requests.</summary>
public sealed class AllInS3ServerTests(ITestOutputHelper output)
{
    private static readonly int Kills = Thoroughness.Times(8, brief: 4);

    private readonly Random _random = NewRandom(output);

    [Fact]
    public async Task A_job_whose_server_is_killed_while_it_reads_carries_on_by_itself()
    {
        await using var server = await StartWithInputAsync();
        using var workspace = new Workspace();
        string[] arguments = [.. ArgumentsOf(server), "--output", workspace.Output];
        using var process = new SampleProcess(workspace, [.. arguments, .. Endless]);
        for (var kill = 0; kill < Kills; kill++)
        {
            await WaitForNewCheckpointAsync(server, process);
            Assert.False(process.Wait(TimeSpan.FromMilliseconds(_random.Next(200))), "The job ended too soon.");
            server.Kill();
            process.Wait(TimeSpan.FromMilliseconds(_random.Next(300)));
            await server.RestartAsync();
        }

        await ResumeAndFinishAsync(server, process, workspace, arguments);
    }

    [Fact]
    public async Task A_second_job_on_the_same_place_is_refused()
    {
        await using var server = await StartWithInputAsync();
        using var workspace = new Workspace();
        using var first = new SampleProcess(workspace, [.. ArgumentsOf(server), "--rate", "1000"]);
        await WaitForNewCheckpointAsync(server, first);
        using var elsewhere = new Workspace();
        var (exitCode, _, error) = await SampleProcess.RunAsync(
            elsewhere,
            [.. ArgumentsOf(server), "--checkpoints", $"s3://{Bucket}/others"]);
        Assert.Equal(1, exitCode);
        output.WriteLine(error);
        Assert.Contains("another job", error, StringComparison.Ordinal);
        await WaitForNewCheckpointAsync(server, first);
    }

    [Theory]
    [InlineData("--input", "s3://checkpoints/in/*.csv")]
    [InlineData("--output", "s3://checkpoints/out")]
    [InlineData("--checkpoints", "s3://checkpoints/flights")]
    public async Task Wrong_credentials_are_reported_at_once_and_not_shown(string place, string location)
    {
        await using var server = await StartWithInputAsync();
        using var workspace = new Workspace();
        using var process = new SampleProcess(
            workspace,
            [("AWS_SECRET_ACCESS_KEY", "this-is-no-secret")],
            ["--s3-endpoint", server.Endpoint, place, location]);
        var (exitCode, text, error) = await process.ResultAsync().WaitAsync(Limit);
        Assert.Equal(1, exitCode);
        Assert.Contains("SignatureDoesNotMatch", error, StringComparison.Ordinal);
        Assert.Contains(server.Endpoint, error, StringComparison.Ordinal);
        Assert.Contains("Give the AWS SDK credentials that are valid there", error, StringComparison.Ordinal);
        Assert.DoesNotContain("this-is-no-secret", text + error, StringComparison.Ordinal);
    }
}
