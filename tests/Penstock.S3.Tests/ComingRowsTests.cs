using static Penstock.S3.Tests.RowsTests;

namespace Penstock.S3.Tests;

/// <summary>Rows of objects that are added while a pipeline runs.</summary>
public sealed class ComingRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Objects_that_come_are_read_and_one_that_is_replaced_afterwards_ends_the_job(int parallelism)
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        using var host = job.Build<CopyComingObjects>(
            parallelism,
            ("Checkpoints:Interval", "20ms"),
            ("Checkpoints:Path", "s3://rows/checkpoints"));
        var running = host.RunPipelinesAsync();

        // None exists at the start; then they are added one after the other.
        foreach (var (number, rows) in CopyJob.Rows.Chunk(50).Index())
        {
            await job.PutAsync($"in/{number}.csv", CopyJob.Csv(rows));
            await PipelineWaiting.UntilAsync(running, async () => (await job.LinesAsync("out/")).Length == (number + 1) * 50);
        }

        AssertRows(await job.LinesAsync("out/"));
        await job.PutAsync("in/0.csv", CopyJob.Csv(CopyJob.Rows[..40]));
        var status = Assert.Single(await running);
        Assert.Contains(
            "Source 'Items': 's3://rows/in/0.csv' was changed after it was read.",
            status.Error!.Message,
            StringComparison.Ordinal);
        AssertRows(await job.LinesAsync("out/"));
    }

    [Theory]
    [InlineData("s3://no-such-bucket/in/*.csv", "NoSuchBucket")]
    [InlineData("s3://rows/*/x.csv", "Wildcards can stand in the last part only")]
    public async Task A_place_where_nothing_can_come_is_explained_at_the_start(string path, string message)
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        var status = await job.RunAsync<CopyComingObjects>(1, ("Sources:Items:Path", path));
        Assert.Equal(PipelineState.Failed, status.State);
        Assert.Contains(message, status.Error!.Message, StringComparison.Ordinal);
    }
}
