using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Runtime.Tests.Kit;

namespace Penstock.S3.Tests;

/// <summary>
/// A truncated object, of which a checkpoint contains rows, is skipped by its address: the job continues, and the rest can be read once
/// later.
/// </summary>
public sealed class SkippedFileTests
{
    private const string Key = "in/bad.csv.gz";
    private const string Bad = $"s3://{CopyJob.Bucket}/{Key}";

    // More than the buffer of a reader can hold, so that there are rows before the missing end is detected.
    private const int Count = 60_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rest_of_an_object_that_is_cut_off_comes_once(bool polls)
    {
        await using var server = await RowsTests.StartAsync();
        using var logs = new CollectedLogs();
        using var job = new CopyJob(server) { Logs = logs };
        List<(string, string)> options =
        [
            ("Checkpoints:Path", $"s3://{CopyJob.Bucket}/checkpoints"),
            ("Checkpoints:Interval", "20ms"),
            ("Sources:Items:Path", $"s3://{CopyJob.Bucket}/in/*.csv.gz"),
            ("Sinks:Items:RollSize", "1MB"),
        ];
        if (polls)
        {
            options.Add(("Sources:Items:Poll", "20ms"));
        }

        var random = new Random(Count);
        var bytes = new byte[12];
        string[] rows = [.. Enumerable.Range(0, Count).Select(number =>
        {
            random.NextBytes(bytes);
            return string.Create(CultureInfo.InvariantCulture, $"{number},{Convert.ToHexString(bytes)}");
        })];
        var whole = CopyJob.Csv(rows, gzip: true);
        var cut = whole[..(whole.Length * 4 / 5)];
        await job.PutAsync(Key, cut);
        await job.PutAsync("in/z.csv.gz", CopyJob.Csv([$"{Count},the other"], gzip: true));

        // Stopped with some of its rows, long before the place where it is truncated.
        using (var host = job.Build<CopyObjects>(1, [.. options, ("Sources:Items:Rate", "1000")]))
        {
            await host.StartAsync();
            await PipelineWaiting.UntilAsync(host, static status => status.Rows > 1);
            await host.StopAsync();
            Assert.Equal(PipelineState.Stopped, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().State);
        }

        // Replacing it by the whole object is not allowed, so the test puts back the original object.
        Assert.StartsWith($"PSR305: {Bad}: the file is not valid gzip, or it is cut off", await ErrorAsync(), StringComparison.Ordinal);
        await job.PutAsync(Key, whole);
        Assert.Contains(
            $"'{Bad}' {(polls ? "was changed while it was read" : "has changed since the checkpoint was taken")}",
            await ErrorAsync(),
            StringComparison.Ordinal);
        await job.PutAsync(Key, cut);
        Assert.StartsWith($"PSR305: {Bad}: the file is not valid gzip, or it is cut off", await ErrorAsync(), StringComparison.Ordinal);

        var before = (await NumbersAsync()).Where(static number => number < Count).ToList();
        Assert.Equal(Enumerable.Range(0, before.Count), before);
        Assert.InRange(before.Count, 1, Count * 4 / 5);
        await job.PutAsync("in/rest.csv.gz", CopyJob.Csv(rows[before.Count..], gzip: true));
        using (var host = job.Build<CopyObjects>(1, [.. options, ("Sources:Items:SkipFiles", Bad)]))
        {
            await host.StartAsync();
            if (polls)
            {
                await PipelineWaiting.UntilAsync(host, static status => status.Rows > Count);
                await host.StopAsync();
            }

            var status = await PipelineWaiting.EndedAsync(host);
            Assert.True(status.State == (polls ? PipelineState.Stopped : PipelineState.Finished), $"{status.State} {status.Error}");
        }

        Assert.Equal(Enumerable.Range(0, Count + 1), await NumbersAsync());
        var position = Encoding.UTF8.GetByteCount("number,text\n" + string.Concat(rows[..before.Count].Select(static row => row + "\n")));
        var message = Assert.Single(
            logs.Entries,
            static entry => entry.Level == LogLevel.Warning && entry.Text.Contains("is skipped", StringComparison.Ordinal)).Text;
        Assert.StartsWith(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Source Items: '{Bad}' is skipped (Sources:Items:SkipFiles). Its rows up to byte {position} of its content are in the output"),
            message,
            StringComparison.Ordinal);

        async Task<string> ErrorAsync()
        {
            // Without its own checkpoint. One that completes while the pipeline fails is committed only by the next start, so the visible
            // output would be incomplete.
            using var host = job.Build<CopyObjects>(1, [.. options, ("Checkpoints:Interval", "1h")]);
            await host.StartAsync();
            return (await PipelineWaiting.FailedAsync(host)).Error!.Message;
        }

        async Task<IEnumerable<int>> NumbersAsync() =>
            (await job.LinesAsync("out/"))
                .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt32())
                .Order();
    }
}
