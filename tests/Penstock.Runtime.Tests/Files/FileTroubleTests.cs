using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Files;

/// <summary>
/// If the file system refuses an operation, the pipeline ends at once and the error names the cause; temporary failures are retried.
/// </summary>
public sealed class FileTroubleTests : IDisposable
{
    private const int NoSpaceLeft = 28;
    private const int ReadOnly = 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;
    private readonly CollectedLogs _logs = new();

    public static TheoryData<Exception, bool> Errors => new()
    {
        { new UnauthorizedAccessException("Access to the path is denied."), false },
        { new PathTooLongException(), false },
        { new IOException("Read-only file system", ReadOnly), false },
        { new IOException("Not a directory", 20), false },
        { new IOException("The file already exists.", 17), false },
        { new IOException("No space left on device", NoSpaceLeft), true },
        { new IOException("Input/output error", 5), true },
        { new IOException("The network drive is gone."), true },
        { new DirectoryNotFoundException(), true },
        { new TimeoutException(), true },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Errors))]
    public void A_restart_follows_only_what_may_pass(Exception error, bool mayPass)
    {
        Assert.Equal(mayPass, IsRetried(error));
        Assert.Equal(mayPass, IsRetried(new SinkException("The sink failed.", error)));
        Assert.True(
            IsRetried(new OperatorException(ErrorCodes.OperatorFailed, "What an operator does with files is its own affair.", error)));
        Assert.False(IsRetried(new PipelineException(PipelineErrorCode.Custom, "The pipeline is wrong.", error)));
    }

    [Theory]
    [InlineData("create directory", "/out")]
    [InlineData("create", "/out/")]
    [InlineData("append", "/out/")]
    [InlineData("sync", "/out/")]
    [InlineData("sync directory", "/out")]
    [InlineData("rename", "/out/")]
    public async Task A_sink_that_must_not_write_fails_the_pipeline_at_once(string operation, string path)
    {
        var files = Prepared();
        files.Before = Throwing(operation, path, () => new IOException($"Read-only file system : '{path}'", ReadOnly), times: int.MaxValue);
        var (error, restarts) = await RunAsync(files);
        Assert.Equal(0, restarts);
        AssertExplained(
            error,
            "Pipeline 'Clicks': sink 'Counts",
            $"Read-only file system : '{path}' A retry would not help",
            "Sinks:Counts");
    }

    [Theory]
    [InlineData("create", "/out/")]
    [InlineData("append", "/out/")]
    [InlineData("sync", "/out/")]
    [InlineData("rename", "/out/")]
    [InlineData("create", "/checkpoints/")]
    [InlineData("rename", "/checkpoints/")]
    public async Task A_full_disk_is_waited_for(string operation, string path)
    {
        var files = Prepared();
        files.Before = Throwing(operation, path, () => new IOException($"No space left on device : '{path}'", NoSpaceLeft), times: 3);
        var (error, restarts) = await RunAsync(files);
        Assert.Null(error);
        Assert.Equal(3, restarts);
        Assert.Single(files.Files, file => file.StartsWith("/out/counts-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("create directory", "/checkpoints", "cannot use the checkpoint folder '/checkpoints'")]
    [InlineData("create", "/checkpoints/", "cannot go on")]
    public async Task A_checkpoint_folder_that_must_not_be_written_fails_the_pipeline_at_once(string operation, string path, string message)
    {
        var files = Prepared();
        files.Before = Throwing(
            operation,
            path,
            () => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            times: int.MaxValue);
        var (error, restarts) = await RunAsync(files);
        Assert.Equal(0, restarts);
        AssertExplained(error, $"Pipeline 'Clicks' {message}", $"Access to the path '{path}' is denied.");
    }

    [Theory]
    [InlineData("checkpoints", "cannot use the checkpoint folder")]
    [InlineData("out", "sink 'Counts")]
    public async Task A_file_where_a_folder_should_be_is_explained(string name, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), "");
        await File.WriteAllTextAsync(Path.Combine(_folder, "clicks.csv"), "user,at,value\nann,2024-01-01,1\n");
        var (error, restarts) = await RunAsync(LocalFileSystem.Instance, _folder, deeper: "deeper");
        Assert.Equal(0, restarts);
        AssertExplained(error, message, $"'{Path.Combine(_folder, name)}' is a file, not a folder.");
    }

    private static bool IsRetried(Exception error) => new RestartPolicy(new RestartOptions(), new Random(1)).DelayAfter(error) != null;

    private static Action<string, string> Throwing(string operation, string path, Func<Exception> error, int times) => (called, on) =>
    {
        if (called == operation && on.StartsWith(path, StringComparison.Ordinal) && times-- > 0)
        {
            throw error();
        }
    };

    private static SimulatedFiles Prepared()
    {
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        SourceReading.Add(files, "/in/clicks.csv", "user,at,value\nann,2024-01-01,1\n"u8.ToArray());
        return files;
    }

    private void AssertExplained(Exception? error, params string[] parts)
    {
        Assert.Equal(typeof(PipelineException), error?.GetType());
        Assert.All(parts, part => Assert.Contains(part, error!.Message, StringComparison.Ordinal));
        var logged = Assert.Single(_logs.Entries, entry => entry.Level >= LogLevel.Error);
        Assert.EndsWith(error!.Message, logged.Text, StringComparison.Ordinal);
        Assert.Null(logged.Error);
    }

    private async Task<(Exception? Error, int Restarts)> RunAsync(IFileSystem files, string root = "/", string deeper = "")
    {
        var options = new PipelineOptions();
        options.Checkpoints.Path = Path.Combine(root, "checkpoints", deeper);
        options.Restart.Delay = options.Restart.MaxDelay = TimeSpan.FromMilliseconds(1);
        options.Sources["Clicks"] = new SourceOptions { Path = Path.Combine(root, root == "/" ? "in" : "", "clicks.csv") };
        options.Sinks["Counts"] = new SinkOptions { Path = Path.Combine(root, "out", deeper, "counts.csv") };
        options.Sinks["Late"] = new SinkOptions { Path = Path.Combine(root, "late", "late.csv") };
        var environment = TestEnvironment.Create("Clicks", options) with { Log = _logs, Files = files };
        var runner = environment.RunnerOf<ClicksPipeline>();
        var error = await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None));
        return (error, runner.Status().Restarts);
    }
}
