using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Time;

/// <summary><c>MaxDelay</c> of zero declares rows in order: rows that are not are counted, and the first of each split is logged.</summary>
public sealed class OrderTests
{
    private const long Start = 1_000_000_000_000_000;

    private readonly MemoryFileSystem _files = new();
    private readonly CollectedLogs _logs = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 2)]
    public async Task The_first_row_of_each_split_that_is_out_of_order_is_named(int parallelism, int batch)
    {
        Write("in/a.csv", 5, 5, 9, 8, 7, 20, 8);
        Write("in/b.csv", 1, 2, 3);
        Write("in/c.csv", 30, 29, 31, 30);
        var status = await RunAsync(parallelism, batch, maxDelay: null);
        Assert.Equal((14, 5), (status.RowsEmitted, status.RowsOutOfOrder));

        // What is late is decided as always.
        Assert.Equal(2, status.RowsLate);
        Assert.Equal(
            [
                "Source Rows of pipeline MicrosecondTicks: the rows of split in/a.csv are not in order, as MaxDelay of zero declares. The "
                    + "first one out of order is at in/a.csv, line 5: its event time is 2001-09-09T01:46:48.0000000+00:00, after "
                    + "2001-09-09T01:46:49.0000000+00:00. Its window may have fired, so it may be late. Further rows of the split are "
                    + "counted, not logged. Set MaxDelay to the time by which rows may be out of order.",
                "Source Rows of pipeline MicrosecondTicks: the rows of split in/c.csv are not in order, as MaxDelay of zero declares. The "
                    + "first one out of order is at in/c.csv, line 3: its event time is 2001-09-09T01:47:09.0000000+00:00, after "
                    + "2001-09-09T01:47:10.0000000+00:00. Its window may have fired, so it may be late. Further rows of the split are "
                    + "counted, not logged. Set MaxDelay to the time by which rows may be out of order.",
            ],
            Warnings().Order());
    }

    [Fact]
    public async Task With_a_delay_rows_may_be_out_of_order()
    {
        Write("in/a.csv", 5, 9, 8, 7, 40, 8);
        var status = await RunAsync(1, 2, TimeSpan.FromSeconds(1));
        Assert.Equal((6, 0, 1), (status.RowsEmitted, status.RowsOutOfOrder, status.RowsLate));
        Assert.Empty(Warnings());
    }

    private IEnumerable<string> Warnings() =>
        _logs.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text);

    private void Write(string path, params int[] seconds)
    {
        var text = seconds.Aggregate(
            new StringBuilder("user,at\n"),
            static (text, second) => text.Append("ann,").Append(Start + second * 1_000_000L).Append('\n'));
        using var file = _files.Create(path);
        file.Append(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private async Task<SourceStatus> RunAsync(int parallelism, int batch, TimeSpan? maxDelay)
    {
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = batch };
        options.Sources["Rows"] = new SourceOptions { Path = "in/*.csv", OnBadRow = BadRowPolicy.Skip, MaxDelay = maxDelay };
        options.Checkpoints.Path = "checkpoints";
        var environment = new ExecutionEnvironment(
            "MicrosecondTicks",
            options,
            new ServiceCollection().BuildServiceProvider(),
            _logs)
        {
            Files = _files,
        };
        var runner = new PipelineRunner(PipelineDefinition.Of<MicrosecondTicks>(), environment);
        await runner.RunAsync(TestContext.Current.CancellationToken);
        var status = runner.Status();
        Assert.Equal(PipelineState.Finished, status.State);
        return Assert.Single(status.Sources);
    }
}
