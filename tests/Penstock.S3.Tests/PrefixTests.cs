using static Penstock.S3.Tests.RowsTests;

namespace Penstock.S3.Tests;

/// <summary>Keys of objects may contain all characters that are special elsewhere.</summary>
public sealed class PrefixTests
{
    [Theory]
    [InlineData("pre fix")]
    [InlineData("a#1-2")]
    [InlineData("wh?t?x=1&y")]
    [InlineData("a+b")]
    [InlineData("50%/%20")]
    [InlineData("d\u00e9l\u00e0/\u9045\u5ef6")]
    public async Task A_prefix_is_taken_as_it_is_written(string prefix)
    {
        await using var server = await StartAsync();
        using var job = new CopyJob(server);
        await job.PutAsync($"{prefix}/in/a b#0-9.csv", CopyJob.Csv(CopyJob.Rows));
        foreach (var (input, round) in new[]
        {
            $"{prefix}/in",
            $"{prefix}/in/*.csv",
            $"{prefix}/in/a b#0-9.csv"
        }.Select((input, round) => (input, round)))
        {
            var status = await job.RunAsync<CopyObjects>(
                1,
                ("Sources:Items:Path", $"s3://rows/{input}"),
                ("Sinks:Items:Path", $"s3://rows/{prefix}/out{round}/my items.jsonl"),
                ("Checkpoints:Path", $"s3://rows/{prefix}/checkpoints{round}"));
            Assert.True(status.State == PipelineState.Finished, status.Error?.ToString());
            AssertRows(await job.LinesAsync($"{prefix}/out{round}/"));
            Assert.NotEmpty(await job.KeysAsync($"{prefix}/checkpoints{round}/"));
        }

        Assert.Empty(await job.UploadsAsync());
    }
}
