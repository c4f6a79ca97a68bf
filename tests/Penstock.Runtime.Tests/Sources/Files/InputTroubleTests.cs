using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Files;
using Penstock.Runtime.Tests.Hosting.Places;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>Anything in an input folder that cannot be read is named; it is neither skipped nor waited for.</summary>
public sealed class InputTroubleTests : IDisposable
{
    private const string Header = "user,at,value\n";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;
    private readonly CollectedLogs _logs = new();

    public InputTroubleTests()
    {
        Directory.CreateDirectory(In(""));
        File.WriteAllText(In("good.csv"), Header + "ann,2024-01-01,1\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("broken link", "is a link to 'nowhere.csv', and there is no such file")]
    [InlineData("loop", "symbolic links")]
    [InlineData("pipe", "is a named pipe, not a file")]
    [InlineData("socket", "is a socket, not a file")]
    [InlineData("device", "is a device, not a file")]
    public async Task What_is_no_file_is_named_and_not_waited_for(string kind, string message)
    {
        Make(kind, In("bad.csv"));

        // In a folder, with a glob, and by its own name.
        foreach (var path in new[] { In(""), In("*.csv"), In("bad.csv") })
        {
            var error =
                await Assert.ThrowsAsync<UnreadableInputException>(() => Runner(path).RunAsync(CancellationToken.None).WaitAsync(Timeout));
            Assert.Contains(In("bad.csv"), error.Message, StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Contains("Let this process read it", error.Message, StringComparison.Ordinal);
        }

        Assert.All(_logs.Entries.Where(entry => entry.Level >= LogLevel.Error), entry => Assert.Null(entry.Error));
        Assert.False(Directory.Exists(Path.Join(_folder, "out")) && Directory.EnumerateFiles(Path.Join(_folder, "out")).Any());
    }

    [Fact]
    public async Task What_is_no_input_is_left_alone_and_a_link_to_a_file_is_read()
    {
        Make("pipe", In("pipe.fifo"));
        Make("broken link", In(".hidden.csv"));
        Directory.CreateDirectory(In("folder.csv"));
        File.WriteAllText(Path.Join(_folder, "elsewhere.csv"), Header + "bob,2024-01-01,2\n");
        File.CreateSymbolicLink(In("link.csv"), "../elsewhere.csv");
        await Runner(In("")).RunAsync(CancellationToken.None);
        Assert.Equal(["ann,2024-01-01T00:00:00Z,1", "bob,2024-01-01T00:00:00Z,2"], Rows());
    }

    [Theory]
    [InlineData("bad.csv", "PSR202: The file '{0}' of a file source cannot be read: Access to the path is denied.")]
    [InlineData("", "PSR202: The folder '{0}' of a file source cannot be listed: Access to the path is denied.")]
    public async Task Missing_rights_are_reported_with_the_path(string name, string message)
    {
        File.WriteAllText(In("bad.csv"), Header);
        var closed = In(name);
        var files = new ReachedFiles(
            LocalFileSystem.Instance,
            path => _ = path == closed ? throw new UnauthorizedAccessException("Access to the path is denied.") : 0);
        var error = await Assert.ThrowsAsync<UnreadableInputException>(() => Runner(In(""), files).RunAsync(CancellationToken.None));
        Assert.StartsWith(string.Format(CultureInfo.InvariantCulture, message, closed), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_before_it_is_looked_at_is_named()
    {
        File.WriteAllText(In("gone.csv"), Header);
        var files = new ReachedFiles(LocalFileSystem.Instance, path =>
        {
            if (path == In("gone.csv"))
            {
                File.Delete(path);
            }
        });
        await Runner(In(""), files).RunAsync(CancellationToken.None);
        Assert.Contains(_logs.Entries, entry => entry.Level == LogLevel.Warning
            && entry.Text.Contains($"'{In("gone.csv")}' was listed but deleted", StringComparison.Ordinal));
        Assert.Equal(["ann,2024-01-01T00:00:00Z,1"], Rows());
    }

    [Fact]
    public async Task A_source_that_polls_waits_until_it_is_mended()
    {
        var runner = Runner(In(""), poll: true);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await UntilAsync(() => runner.Status().Rows == 1, running);
        Make("broken link", In("bad.csv"));
        await UntilAsync(
            () =>
                _logs.Entries.Any(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("nowhere.csv", StringComparison.Ordinal)),
            running);
        File.WriteAllText(In("nowhere.tmp"), Header + "bob,2024-01-01,2\n");
        File.Move(In("nowhere.tmp"), In("nowhere.csv"));

        // It now has two names: a link is read like any other file.
        await UntilAsync(() => runner.Status().Rows == 3, running);
        await stop.CancelAsync();
        await running;
        Assert.Equal(PipelineState.Stopped, runner.Status().State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*.csv")]
    public async Task A_folder_that_goes_while_the_job_runs_is_waited_for(string pattern)
    {
        var runner = Runner(Path.Join(In(""), pattern), poll: true);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await UntilAsync(() => runner.Status().Rows == 1, running);
        Directory.Move(In(""), Path.Join(_folder, "away"));
        await UntilAsync(
            () => _logs.Entries.Any(static entry => entry.Level == LogLevel.Warning
                && entry.Text.Contains("There is no f", StringComparison.Ordinal)),
            running);
        File.WriteAllText(Path.Join(_folder, "away", "new.csv"), Header + "bob,2024-01-01,2\n");
        Directory.Move(Path.Join(_folder, "away"), In(""));
        await UntilAsync(() => runner.Status().Rows >= 2, running);
        await stop.CancelAsync();
        await running;
        Assert.Equal(["ann,2024-01-01T00:00:00Z,1", "bob,2024-01-01T00:00:00Z,2"], Rows());
        Assert.Equal(0, runner.Status().Restarts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*.csv")]
    public async Task A_folder_that_is_away_while_the_job_restarts_is_waited_for(string pattern)
    {
        var path = Path.Join(In(""), pattern);
        var looks = 0;
        var files = new ReachedFiles(LocalFileSystem.Instance, reached =>
        {
            // A file is examined when it is first listed, and read later. In between the place disappears, as when it is unmounted.
            if (reached == In("new.csv") && Interlocked.Increment(ref looks) == 2)
            {
                Directory.Move(In(""), Path.Join(_folder, "away"));
                throw new IOException("The place is gone.");
            }
        });
        var runner = Runner(path, files, poll: true, checkpoints: true);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await UntilAsync(() => runner.Status().Rows == 1, running);
        File.WriteAllText(Path.Join(_folder, "new.tmp"), Header + "bob,2024-01-01,2\n");

        // Each listing would examine a file that was changed a moment ago.
        File.SetLastWriteTimeUtc(Path.Join(_folder, "new.tmp"), DateTime.UtcNow.AddHours(-1));
        File.Move(Path.Join(_folder, "new.tmp"), In("new.csv"));
        await UntilAsync(() => runner.Status().Restarts > 0, running);

        // A listing of the first attempt may still be in progress. So the second warning from here on belongs to the attempt after the
        // restart.
        var before = Missing();
        await UntilAsync(() => Missing() >= before + 2, running);
        Directory.Move(Path.Join(_folder, "away"), In(""));
        await UntilAsync(() => Rows().Length >= 2, running);
        await stop.CancelAsync();
        await running;
        Assert.Equal(["ann,2024-01-01T00:00:00Z,1", "bob,2024-01-01T00:00:00Z,2"], Rows());
        Assert.Equal(1, runner.Status().Restarts);

        int Missing() =>
            _logs.Entries.Count(static entry => entry.Level == LogLevel.Warning
                && entry.Text.Contains("There is no f", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_at_the_start_is_an_error_also_when_it_is_polled()
    {
        var error = await Assert.ThrowsAsync<PipelineException>(() => Runner(In("none"), poll: true)
            .RunAsync(CancellationToken.None)
            .WaitAsync(Timeout));
        Assert.Contains("There is no file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_UTF_8_is_an_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has such names.");
        var quoted = $"'{In("")}'/$'\\xff.csv'";
        Shell($"printf '{Header.Trim()}\\nbob,2024-01-01,2\\n' > {quoted}");
        try
        {
            var error = await Assert.ThrowsAsync<UnreadableInputException>(() => Runner(In(""))
                .RunAsync(CancellationToken.None)
                .WaitAsync(Timeout));
            Assert.Contains(
                $"The file '{In("\uFFFD.csv")}' of a file source cannot be read: its name is not valid UTF-8",
                error.Message,
                StringComparison.Ordinal);
            Assert.Contains("Rename it", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            // .NET cannot delete it either.
            Shell($"rm {quoted}");
        }

        static void Shell(string command)
        {
            using var made = Process.Start("bash", ["-c", command]);
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }
    }

    [Fact]
    public async Task Files_that_the_checkpoint_does_not_know_are_read_and_named()
    {
        File.AppendAllText(In("good.csv"), string.Concat(Enumerable.Range(0, 200).Select(number => $"cid,2024-01-01,{number}\n")));
        var first = Runner(In(""), checkpoints: true, rate: 500);
        var running = first.RunAsync(CancellationToken.None);
        await first.SavepointAsync(CheckpointMode.StopWithSavepoint, Path.Join(_folder, "savepoint"));
        await running;
        File.WriteAllText(In("late.csv"), Header + "bob,2024-01-01,2\n");
        await Runner(In(""), checkpoints: true).RunAsync(CancellationToken.None);
        var warning = Assert.Single(
            _logs.Entries,
            entry => entry.Text.Contains("that are not in the checkpoint", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains($"1 splits that are not in the checkpoint: '{In("late.csv")}'", warning.Text, StringComparison.Ordinal);
        Assert.Equal(202, Rows().Length);
        Assert.Contains("bob,2024-01-01T00:00:00Z,2", Rows());
    }

    [Fact]
    public async Task A_name_that_ends_like_a_range_is_a_name()
    {
        File.WriteAllText(In("a#0-9"), Header + "bob,2024-01-01,2\ncid,2024-01-01,3\n");
        await Runner(In("a#0-9")).RunAsync(CancellationToken.None);
        Assert.Equal(["bob,2024-01-01T00:00:00Z,2", "cid,2024-01-01T00:00:00Z,3"], Rows());
    }

    [Theory]
    [InlineData("/proc/penstock/out/clicks.csv", "The folder '/proc/penstock' cannot be created in '/proc'")]
    [InlineData("{0}/in/good.csv/out/clicks.csv", "is a file, not a folder")]
    [InlineData("{0}/loop/out/clicks.csv", "A retry would not help")]
    [InlineData("{0}/dangling/clicks.csv", "A retry would not help")]
    public async Task A_sink_folder_that_cannot_be_created_is_reported_once(string output, string message)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The paths are those of Linux.");
        File.CreateSymbolicLink(Path.Join(_folder, "loop"), "loop");
        File.CreateSymbolicLink(Path.Join(_folder, "dangling"), "/proc/penstock/deeper");
        var runner = Runner(In(""), output: string.Format(CultureInfo.InvariantCulture, output, _folder));
        var error = await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None).WaitAsync(Timeout));
        Assert.Equal(typeof(PipelineException), error?.GetType());
        Assert.Contains(message, error!.Message, StringComparison.Ordinal);
        var logged = Assert.Single(_logs.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.EndsWith(error.Message, logged.Text, StringComparison.Ordinal);
        Assert.Null(logged.Error);
        Assert.Equal(0, runner.Status().Restarts);
    }

    [Fact]
    public async Task Deleted_output_is_reported_with_how_to_start_over()
    {
        await Runner(In(""), checkpoints: true).RunAsync(CancellationToken.None);
        Directory.Delete(Path.Join(_folder, "out"), recursive: true);
        var error = await Assert.ThrowsAsync<PipelineException>(() => Runner(In(""), checkpoints: true).RunAsync(CancellationToken.None));
        Assert.Contains(
            "To start over, delete the rest of the output, '.clicks.csv.owner' with it, and the checkpoints (Checkpoints:Path).",
            error.Message,
            StringComparison.Ordinal);
    }

    private static void Make(string kind, string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        switch (kind)
        {
            case "broken link":
                File.CreateSymbolicLink(path, "nowhere.csv");
                break;
            case "loop":
                File.CreateSymbolicLink(path, Path.GetFileName(path));
                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "socket":
                // The name remains when the socket is closed.
                using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Bind(new UnixDomainSocketEndPoint(path + "-"));
                    File.Move(path + "-", path);
                }

                break;
            case "pipe":
                using (var made = Process.Start("mkfifo", [path]))
                {
                    made.WaitForExit();
                    Assert.Equal(0, made.ExitCode);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    private static async Task UntilAsync(Func<bool> condition, Task running)
    {
        for (var clock = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(clock.Elapsed < Timeout, "It does not happen.");
            Assert.False(running.IsCompleted, $"The pipeline has ended too early: {running.Exception}");
            await Task.Delay(1);
        }
    }

    private string In(string name) => Path.Join(_folder, "in", name).TrimEnd('/');

    private string[] Rows() =>
        [.. Directory.GetFiles(Path.Join(_folder, "out"), "clicks-*.csv")
            .SelectMany(path => File.ReadAllLines(path).Skip(1))
            .Order(StringComparer.Ordinal)];

    private PipelineRunner Runner(
        string input,
        IFileSystem? files = null,
        bool poll = false,
        bool checkpoints = false,
        double? rate = null,
        string? output = null)
    {
        var options = new PipelineOptions { BatchSize = 8 };
        options.Checkpoints.Path = checkpoints ? Path.Join(_folder, "checkpoints") : null;
        options.Checkpoints.Interval = poll && checkpoints ? TimeSpan.FromMilliseconds(20) : options.Checkpoints.Interval;
        options.Sources["Clicks"] = new SourceOptions { Path = input, Poll = poll ? TimeSpan.FromMilliseconds(5) : null, Rate = rate };
        options.Sinks["Clicks"] = new SinkOptions { Path = output ?? Path.Join(_folder, "out", "clicks.csv") };
        var environment = TestEnvironment.Create("Copy", options) with
        {
            Log = _logs,
            Files = files ?? LocalFileSystem.Instance,
        };
        return environment.RunnerOf<CopyClicks>();
    }
}
