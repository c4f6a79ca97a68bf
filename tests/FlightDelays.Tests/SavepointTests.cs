using System.Globalization;
using System.Text.RegularExpressions;
using Penstock.Tests;

namespace FlightDelays.Tests;

/// <summary>Takes savepoints of the real process, and kills it meanwhile.</summary>
public partial class SavepointTests(ITestOutputHelper output)
{
    private static readonly int Kills = Thoroughness.Times(8, brief: 4);

    private static readonly string[] Common = ["--checkpoint-interval", "40ms", "--split-size", "128KB", "--max-delay", "2h"];

    private static Oracle.Answer Expected => Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(2), 128 * 1024);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killed_while_it_takes_savepoints_the_job_gives_the_answer_and_so_does_every_savepoint(int parallelism)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var workspace = new Workspace();
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] arguments = [.. Common, "--parallelism", $"{parallelism}", "--savepoints", Path.Combine(workspace.Folder, "savepoints")];
        for (var kill = 0; kill < Kills; kill++)
        {
            // A signal would end a process that does not handle it yet.
            var newest = Newest(workspace);
            using var process = new SampleProcess(workspace, [.. arguments, "--rate", "1000"]);
            await process.UntilAsync(() => string.CompareOrdinal(Newest(workspace), newest) > 0);
            var before = Savepoints(workspace).Length;
            process.Signal("USR1");
            if (kill % 2 == 0)
            {
                await process.UntilAsync(() => Savepoints(workspace).Length > before);
            }

            Assert.False(process.Wait(TimeSpan.FromMilliseconds(random.Next(60))), "The job ended too soon.");
            process.Kill();
        }

        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, arguments);
        Assert.True(exitCode == 0, error);
        workspace.AssertAnswer(Expected);
        var savepoints = Savepoints(workspace);
        output.WriteLine($"{savepoints.Length} savepoints of {Kills} kills");
        Assert.InRange(savepoints.Length, Kills / 2, Kills);
        foreach (var manifest in savepoints)
        {
            await AssertBeginsAsync(manifest, workspace, 3 - parallelism);
        }
    }

    [Fact]
    public async Task A_stop_with_a_savepoint_ends_the_process_and_another_one_begins_with_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var workspace = new Workspace();
        string[] arguments = [.. Common, "--savepoints", Path.Combine(workspace.Folder, "savepoints")];
        using (var process = new SampleProcess(workspace, [.. arguments, "--rate", "1000"]))
        {
            await process.UntilAsync(() => Manifests(workspace.Checkpoints, "*.manifest").Length > 0);
            process.Signal("USR2");
            var (stopped, text, problem) = await process.ResultAsync();
            Assert.True(stopped == 0, problem);
            Assert.Matches("savepoint=.*FlightDelays-", text);
            Assert.Contains("Stopped after checkpoint", text, StringComparison.Ordinal);
        }

        // The same output, without the checkpoints and without the place of the savepoint.
        var moved = Path.Combine(workspace.Folder, "moved");
        Directory.Move(Path.GetDirectoryName(Assert.Single(Savepoints(workspace)))!, moved);
        Directory.Delete(workspace.Checkpoints, recursive: true);
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, [.. arguments, "--start-from", moved]);
        Assert.True(exitCode == 0, error);
        workspace.AssertAnswer(Expected);
    }

    // The output of another job that starts from the savepoint, together with the output of the first job up to it, is the complete output.
    private static async Task AssertBeginsAsync(string manifest, Workspace first, int parallelism)
    {
        using var second = new Workspace();
        var (exitCode, text, error) = await SampleProcess.RunAsync(
            second, [.. Common, "--parallelism", $"{parallelism}", "--start-from", Path.GetDirectoryName(manifest)!]);
        Assert.True(exitCode == 0, error);
        Assert.Equal(Expected.Rows, SampleProcess.Figure(text, "rows"));
        var checkpoint = long.Parse(IdPattern().Match(await File.ReadAllTextAsync(manifest)).Groups[1].Value, CultureInfo.InvariantCulture);
        foreach (var folder in (string[])["", "late"])
        {
            Directory.CreateDirectory(Path.Combine(second.Output, folder));
            foreach (var part in Directory
                .GetFiles(Path.Combine(first.Output, folder), "*.csv")
                .Where(part => long.Parse(part.Split('-')[^3], CultureInfo.InvariantCulture) <= checkpoint))
            {
                File.Copy(part, Path.Combine(second.Output, folder, "first-" + Path.GetFileName(part)));
            }
        }

        second.AssertAnswer(Expected);
    }

    private static string? Newest(Workspace workspace) => Manifests(workspace.Checkpoints, "*.manifest").Max(StringComparer.Ordinal);

    private static string[] Savepoints(Workspace workspace) =>
        Manifests(Path.Combine(workspace.Folder, "savepoints"), "savepoint.manifest");

    private static string[] Manifests(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, pattern, SearchOption.AllDirectories) : [];

    [GeneratedRegex("\"id\": (\\d+)")]
    private static partial Regex IdPattern();
}
