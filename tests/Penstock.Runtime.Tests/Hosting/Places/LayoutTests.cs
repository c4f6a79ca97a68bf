using System.Globalization;
using System.Text;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Files;
using Penstock.Hosting;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Hosting.Places;

/// <summary>
/// All ways to place the folders of a job inside each other. Each is either refused before anything is changed, or the job keeps every row
/// exactly once, and deleting a folder as a whole deletes nothing else.
/// </summary>
public sealed class LayoutTests
{
    private const int Rows = 120;

    private static readonly string[] Folders = ["/a", "/a/b", "/a/bc", "/a/b/c"];

    [Fact]
    public async Task A_layout_is_refused_or_safe()
    {
        var (refused, safe) = (0, 0);
        foreach (var checkpoints in Folders)
        {
            foreach (var savepoints in Folders)
            {
                foreach (var input in Folders)
                {
                    foreach (var output in Folders)
                    {
                        var layout = new Layout(checkpoints, savepoints, input, output);
                        var isRefused = await IsRefusedAsync(layout);
                        Assert.True(isRefused == IsWrong(layout), $"{layout} {(isRefused ? "is refused" : "is not refused")}.");
                        _ = isRefused ? refused++ : safe++;
                    }
                }
            }
        }

        Assert.Equal((Folders.Length * Folders.Length * Folders.Length * Folders.Length, true), (refused + safe, safe > 20));
    }

    // The checkpoint folder contains nothing else, and no source reads the output of its own pipeline.
    private static bool IsWrong(Layout layout) =>
        new[]
        {
            layout.Savepoints,
            layout.Input,
            layout.Output
        }.Any(other => (other + "/").StartsWith(layout.Checkpoints + "/", StringComparison.Ordinal))
        || layout.Input == layout.Output;

    private static async Task<bool> IsRefusedAsync(Layout layout)
    {
        var files = new SimulatedFiles();
        var lines = Enumerable.Range(0, Rows)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"user {number},2024-01-01T00:00:{number % 60:D2}Z,{number}"))
            .ToList();
        files.CreateDurableDirectory(layout.Input);
        files.WriteDurably(layout.Input + "/first.csv", Text(lines.Take(Rows / 2)));
        files.WriteDurably(layout.Input + "/second.csv", Text(lines.Skip(Rows / 2)));
        var before = files.Files;

        var runner = Runner(files, layout, rate: 500);
        var running = runner.RunAsync(CancellationToken.None);
        Savepoint? savepoint = null;
        var error =
            await Record.ExceptionAsync(async () => savepoint = await runner.SavepointAsync(CheckpointMode.StopWithSavepoint, null));
        if (error != null)
        {
            var refusal = (await Assert.ThrowsAsync<PipelineException>(() => running.WaitAsync(TimeSpan.FromMinutes(1)))).Message;
            Assert.Contains("Nothing has been changed.", refusal, StringComparison.Ordinal);
            Assert.Equal(before, files.Files);
            return true;
        }

        await running;
        files.CutPower();
        await Runner(files, layout, rate: null).RunAsync(CancellationToken.None);
        AssertWhole();

        // The folders that may be deleted, in either order.
        files.Delete(savepoint!.Location + "/savepoint.state");
        files.Delete(savepoint.Location + "/savepoint.manifest");
        foreach (var path in files.Files.Where(path => path.StartsWith(layout.Checkpoints + "/", StringComparison.Ordinal)))
        {
            files.Delete(path);
        }

        AssertWhole();
        return false;

        void AssertWhole()
        {
            Assert.Subset(files.Files.ToHashSet(), before.ToHashSet());
            var written = files.Visible(layout.Output + "/clicks-").SelectMany(path => files.LinesOf(path).Skip(1));
            Assert.Equal(lines.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
        }
    }

    private static byte[] Text(IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes("user,at,value\n" + string.Concat(lines.Select(line => line + "\n")));

    private static PipelineRunner Runner(IFileSystem files, Layout layout, double? rate)
    {
        var options = new PipelineOptions { BatchSize = 8 };
        options.Checkpoints.Path = layout.Checkpoints;
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
        options.Savepoints.Path = layout.Savepoints;
        options.Restart.Strategy = RestartStrategy.None;
        options.Sources["Clicks"] = new SourceOptions { Path = layout.Input + "/*.csv", Rate = rate };
        options.Sinks["Clicks"] = new SinkOptions { Path = layout.Output + "/clicks.csv" };
        var environment = TestEnvironment.Create("Copy", options) with { Files = files };
        return environment.RunnerOf<CopyClicks>();
    }

    private sealed record Layout(string Checkpoints, string Savepoints, string Input, string Output);
}
