using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace FlightDelays.Tests;

/// <summary>Starts the sample again: after a stop, after its end, on damaged or foreign checkpoints, and twice at the same time.</summary>
public class RestartTests
{
    private static readonly string[] Slow = ["--checkpoint-interval", "40ms", "--rate", "20000"];
    private static readonly string[] SlowerThanAStart = ["--rate", "3000"];

    private static Oracle.Answer Expected => Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(4));

    [Fact]
    public async Task A_stop_takes_a_last_checkpoint_and_the_next_start_resumes()
    {
        using var workspace = new Workspace();
        await RunAndAsync(workspace, process => process.Terminate(), (exitCode, output, error) =>
        {
            Assert.True(exitCode == 0, error);
            Assert.Contains("Stopped after checkpoint", output, StringComparison.Ordinal);
            Assert.InRange(SampleProcess.Figure(output, "rows"), 1, Expected.Rows - 1);
        });

        Assert.Empty(TemporaryFiles(workspace));
        await AssertFinishesAsync(workspace);
    }

    [Fact]
    public async Task A_job_that_has_finished_says_so_and_changes_nothing()
    {
        using var workspace = new Workspace();
        await AssertFinishesAsync(workspace);
        var before = Snapshot(workspace);
        var (exitCode, output, error) = await SampleProcess.RunAsync(workspace);
        Assert.True(exitCode == 0, error);
        Assert.Contains("already finished", output, StringComparison.Ordinal);
        Assert.Equal(Expected.Rows, SampleProcess.Figure(output, "rows"));
        Assert.Equal(0, SampleProcess.Figure(output, "rows_per_s"));
        Assert.Equal(before, Snapshot(workspace));
    }

    [Fact]
    public async Task Input_that_has_changed_since_the_end_is_a_clear_error()
    {
        using var workspace = new Workspace();
        var input = Path.Combine(workspace.Folder, "input.csv");
        File.Copy(Workspace.Excerpt, input);
        await SampleProcess.RunAsync(workspace, "--input", input);
        await File.AppendAllTextAsync(input, "2001-01-05T00:00,1,1,LAX,ATL\n");
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, "--input", input);
        Assert.Equal(1, exitCode);
        Assert.Contains("input.csv' has changed since the checkpoint was taken", error, StringComparison.Ordinal);
        Assert.Equal(Expected.Delays, workspace.Delays());
    }

    [Fact]
    public async Task A_truncated_manifest_is_passed_over_and_later_output_is_taken_back()
    {
        using var workspace = new Workspace();
        await KillAsync(workspace);
        var manifest = Newest(workspace, "*.manifest");
        var bytes = await File.ReadAllBytesAsync(manifest);
        await File.WriteAllBytesAsync(manifest, bytes[..(bytes.Length / 2)]);
        await AssertFinishesAsync(workspace, "is damaged and is skipped");
    }

    [Fact]
    public async Task A_flipped_byte_of_state_is_passed_over()
    {
        using var workspace = new Workspace();
        await KillAsync(workspace);
        var state = Newest(workspace, "*.state", Path.GetFileNameWithoutExtension(Newest(workspace, "*.manifest")));
        var bytes = await File.ReadAllBytesAsync(state);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(state, bytes);
        await AssertFinishesAsync(workspace, "does not have its checksum");
    }

    [Theory]
    [InlineData("99")]
    [InlineData("99999999999999999999")]
    public async Task A_checkpoint_of_a_newer_format_is_refused(string format)
    {
        using var workspace = new Workspace();
        await KillAsync(workspace);
        await RewriteAsync(Newest(workspace, "*.manifest"), json => json, format);
        await AssertRefusedAsync(workspace, $"has format {format};");
    }

    [Fact]
    public async Task A_checkpoint_of_another_pipeline_is_refused()
    {
        using var workspace = new Workspace();
        await KillAsync(workspace);
        await RewriteAsync(
            Newest(workspace, "*.manifest"),
            json => json.Replace("\"pipeline\": \"FlightDelays\"", "\"pipeline\": \"Revenue\"", StringComparison.Ordinal),
            format: "3");
        await AssertRefusedAsync(workspace, "are those of pipeline 'Revenue'");
    }

    [Fact]
    public async Task Output_without_its_checkpoints_is_refused_and_kept()
    {
        using var workspace = new Workspace();
        await KillAsync(workspace);
        var rows = workspace.Delays();
        Directory.Delete(workspace.Checkpoints, recursive: true);
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace);
        Assert.Equal(1, exitCode);
        Assert.Contains("there is no checkpoint in", error, StringComparison.Ordinal);
        Assert.Equal(rows, workspace.Delays());
    }

    [Fact]
    public async Task A_second_process_on_the_same_checkpoints_is_refused()
    {
        using var workspace = new Workspace();
        await RunAndAsync(
            workspace,
            async first =>
            {
                var (exitCode, _, error) = await SampleProcess.RunAsync(workspace);
                Assert.Equal(1, exitCode);
                Assert.Contains("Another process runs a pipeline on the checkpoint folder", error, StringComparison.Ordinal);
                first.Kill();
            },
            (_, _, _) => { },
            SlowerThanAStart);
        await AssertFinishesAsync(workspace);
    }

    [Fact]
    public async Task Another_job_with_the_same_output_is_refused_and_disturbs_nothing()
    {
        using var workspace = new Workspace();
        var others = Path.Combine(workspace.Folder, "other-checkpoints");
        await RunAndAsync(
            workspace,
            async first =>
            {
                var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, "--checkpoints", others);
                Assert.Equal(1, exitCode);
                Assert.Contains("another pipeline that is running writes to", error, StringComparison.Ordinal);
                first.Kill();
            },
            (_, _, _) => { },
            SlowerThanAStart);
        var (late, _, refusal) = await SampleProcess.RunAsync(workspace, "--checkpoints", others);
        Assert.Equal(1, late);
        Assert.Contains($"with the checkpoints in '{workspace.Checkpoints}'", refusal, StringComparison.Ordinal);
        await AssertFinishesAsync(workspace);
        Assert.Empty(Directory.GetFiles(workspace.Output, ".*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_parallelism_may_change_between_two_starts()
    {
        using var workspace = new Workspace();
        await KillAsync(workspace, "--split-size", "64KB");
        await KillAsync(workspace, "--split-size", "64KB", "--parallelism", "3");
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, "--split-size", "64KB", "--parallelism", "2");
        Assert.True(exitCode == 0, error);
        workspace.AssertAnswer(Oracle.Of(Workspace.Excerpt, TimeSpan.FromHours(4), 64 * 1024));
    }

    [Fact]
    public async Task Another_split_size_is_refused()
    {
        using var workspace = new Workspace();
        await KillAsync(workspace, "--split-size", "64KB");
        await AssertRefusedAsync(workspace, "Was its SplitSize changed?");
    }

    [Fact]
    public async Task A_bad_row_ends_the_job_with_its_place_and_loses_nothing()
    {
        using var workspace = new Workspace();
        var input = Path.Combine(workspace.Folder, "input.csv");
        var lines = await File.ReadAllLinesAsync(Workspace.Excerpt);
        lines[20_000] = "2001-01-02T10:00,late,100,LAX,ATL";
        await File.WriteAllLinesAsync(input, lines);
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace, "--input", input);
        Assert.Equal(1, exitCode);
        Assert.Contains("input.csv, line 20001, column 'delay'", error, StringComparison.Ordinal);
        Assert.Contains("'late'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("LAX", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--speed", "1", "'--speed' is not an argument")]
    [InlineData("--parallelism", "0", "Parallelism is 0")]
    [InlineData("--max-delay", "soon", "MaxDelay is 'soon'; a duration such as 500ms, 10s or 28h is expected")]
    [InlineData("--input", "nowhere.csv", "There is no file 'nowhere.csv'")]
    [InlineData("--output", "", "The value of --output is empty")]
    [InlineData("--output", "file", "file' is a file, not a folder.")]
    [InlineData("--checkpoints", "file", "file' is a file, not a folder.")]
    [InlineData("--checkpoints", "file/deeper", "file' is a file, not a folder.")]
    public async Task Wrong_arguments_are_explained(string argument, string value, string message)
    {
        using var workspace = new Workspace();
        await File.WriteAllTextAsync(Path.Combine(workspace.Folder, "file"), "");
        var (exitCode, output, error) = await SampleProcess.RunAsync(workspace, argument, value);
        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Equal(2, error.Split(message).Length);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Output));
    }

    [Fact]
    public async Task Input_without_a_row_gives_no_output()
    {
        using var workspace = new Workspace();
        var input = Path.Combine(workspace.Folder, "input.csv");
        await File.WriteAllTextAsync(input, "scheduled,delay,distance,origin,destination\n");
        var (exitCode, output, error) = await SampleProcess.RunAsync(workspace, "--input", input);
        Assert.True(exitCode == 0, error);
        Assert.Equal(0, SampleProcess.Figure(output, "rows"));
        Assert.Empty(workspace.Delays());
    }

    private static Task KillAsync(Workspace workspace, params string[] arguments) =>
        RunAndAsync(workspace, process => process.Kill(), (_, _, _) => { }, arguments);

    private static Task RunAndAsync(
        Workspace workspace,
        Action<SampleProcess> act,
        Action<int, string, string> check,
        params string[] arguments) =>
        RunAndAsync(workspace, process => { act(process); return Task.CompletedTask; }, check, arguments);

    // Acts when the job has committed some output in this run, and there is an earlier checkpoint.
    private static async Task RunAndAsync(
        Workspace workspace,
        Func<SampleProcess, Task> act,
        Action<int, string, string> check,
        params string[] arguments)
    {
        var before = workspace.Delays().Length;
        using var process = new SampleProcess(workspace, [.. Slow, .. arguments]);
        await process.UntilAsync(() => workspace.Delays().Length > before
            && Directory.GetFiles(workspace.Checkpoints, "*.manifest").Length >= 2);
        await act(process);
        var (exitCode, output, error) = await process.ResultAsync();
        check(exitCode, output, error);
    }

    private static async Task AssertFinishesAsync(Workspace workspace, string? warning = null)
    {
        var (exitCode, output, error) = await SampleProcess.RunAsync(workspace);
        Assert.True(exitCode == 0, error);
        Assert.Equal(Expected.Rows, SampleProcess.Figure(output, "rows"));
        workspace.AssertAnswer(Expected);
        if (warning != null)
        {
            Assert.Contains(warning, error, StringComparison.Ordinal);
        }
    }

    private static async Task AssertRefusedAsync(Workspace workspace, string message)
    {
        var before = Snapshot(workspace);
        var (exitCode, _, error) = await SampleProcess.RunAsync(workspace);
        Assert.Equal(1, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(workspace));
    }

    private static string Newest(Workspace workspace, string pattern, string? name = null) =>
        Directory.GetFiles(workspace.Checkpoints, pattern)
            .Where(path => name == null || Path.GetFileNameWithoutExtension(path) == name)
            .Max()!;

    private static string[] TemporaryFiles(Workspace workspace) =>
        Directory.GetFiles(workspace.Folder, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    private static string[] Snapshot(Workspace workspace) =>
        [.. Directory.GetFiles(workspace.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => $"{path} {new FileInfo(path).Length}").Order(StringComparer.Ordinal)];

    private static async Task RewriteAsync(string manifest, Func<string, string> change, string format)
    {
        var text = await File.ReadAllTextAsync(manifest);
        var json = change(text[(text.IndexOf('\n') + 1)..]);
        var checksum = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(json)).ToString("x16", CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(manifest, $"penstock-checkpoint {format} {checksum}\n{json}");
    }
}
