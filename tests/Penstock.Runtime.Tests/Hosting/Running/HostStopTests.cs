using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Penstock.Runtime.Tests.Hosting.Running;

/// <summary>How an ordinary host reports a stop: in the log, in the status and in the exit code.</summary>
[Collection(ExitCodeCollection.Name)]
public sealed class HostStopTests : IAsyncLifetime
{
    private readonly List<BackgroundService> _services = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;
    private readonly CollectedLogs _logs = new();

    public ValueTask InitializeAsync()
    {
        // Hosts of tests that ran before may have set it.
        Environment.ExitCode = 0;
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        // A pipeline that was abandoned sets the exit code of the whole process when it ends, so this waits for it.
        foreach (var running in _services.Select(static service => service.ExecuteTask).OfType<Task>())
        {
            await Record.ExceptionAsync(() => running.WaitAsync(HookedJob.Timeout));
        }

        Environment.ExitCode = 0;
        _logs.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task One_that_comes_while_the_host_starts_is_clean(int milliseconds)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "clicks.csv"), "user,at,value\nann,2024-01-01,1\n");
        using var stop = new CancellationTokenSource();
        var host = Host("30s");
        if (milliseconds < 0)
        {
            await stop.CancelAsync();
        }
        else
        {
            stop.CancelAfter(milliseconds);
        }

        var status = Assert.Single(await host.RunPipelinesAsync(stop.Token));
        Assert.True(status.State is PipelineState.Stopped or PipelineState.Finished, status.State.ToString());
        Assert.DoesNotContain(_logs.Entries, static entry => entry.Level >= LogLevel.Error);
        Assert.Equal(0, Environment.ExitCode);
    }

    [Fact]
    public async Task One_that_comes_just_before_the_pipeline_starts_is_clean()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "clicks.csv"), "user,at,value\nann,2024-01-01,1\n");
        using var stop = new CancellationTokenSource();
        var host = Host(
            "30s",
            builder => builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(new CancelledStart(stop))));
        var status = Assert.Single(await host.RunPipelinesAsync(stop.Token));
        Assert.True(status.State is PipelineState.Stopped or PipelineState.Finished, status.State.ToString());
        Assert.DoesNotContain(_logs.Entries, static entry => entry.Level >= LogLevel.Error);
        Assert.Equal(0, Environment.ExitCode);
    }

    [Fact]
    public async Task A_stop_during_the_start_is_clean_in_a_host_that_runs_with_RunAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "clicks.csv"), "user,at,value\nann,2024-01-01,1\n");
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => Host("30s").RunAsync(stop.Token));
        Assert.DoesNotContain(_logs.Entries, static entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_pipe_without_a_writer_among_the_files_does_not_block_reading()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no named pipes in folders.");
        var pipe = Path.Combine(_folder, "clicks.csv");
        using (var process = Process.Start("mkfifo", pipe))
        {
            await process.WaitForExitAsync();
        }

        var host = Host("50ms");
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var running = host.RunPipelinesAsync();
        await PipelineWaiting.UntilAsync(
            running,
            () => _logs.Entries.Any(static entry => entry.Text.Contains("starts at parallelism", StringComparison.Ordinal)));
        lifetime.StopApplication();
        var status = Assert.Single(await running.WaitAsync(HookedJob.Timeout));
        Assert.True(status.State is PipelineState.StoppedWithoutCheckpoint or PipelineState.Failed, status.State.ToString());
        Assert.NotEqual(0, Environment.ExitCode);

        // Code that still waits for a writer gets one without effect.
        using var writer = File.Open(pipe, FileMode.Open, FileAccess.ReadWrite);
    }

    [Fact]
    public async Task A_host_that_waits_no_longer_is_no_success()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "clicks.csv"), "user,at,value\nann,2024-01-01,1\nann,2024-01-01,2\n");
        var host = Host("1h", ("Sources:Clicks:Rate", "0.001"), ("Checkpoints:Interval", "1h"));
        await host.StartAsync();
        var pipeline = host.Services.GetRequiredService<IPipelineMonitor>();
        await PipelineWaiting.UntilAsync(host, static status => status.State == PipelineState.Running);
        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();
        await Record.ExceptionAsync(() => host.StopAsync(hurry.Token));
        Assert.True(
            (
                pipeline.GetStatus().State,
                Environment.ExitCode) is (PipelineState.StoppedWithoutCheckpoint, PipelineExitCodes.StoppedWithoutCheckpoint)
                or (PipelineState.Stopped, 0),
            $"{pipeline.GetStatus().State}, {Environment.ExitCode}");
        host.Dispose();
    }

    [Fact]
    public async Task A_host_without_a_pipeline_is_a_mistake()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder()
            .Build()
            .RunPipelinesAsync());
        Assert.Contains("AddPipeline", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_that_fails_while_its_host_starts_does_not_break_the_start_of_the_others()
    {
        var host = Host("30s", builder => builder.Services.AddHostedService<SlowStart>(), ("Sources:Clicks:Poll", "often"));
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        Assert.Null(await Record.ExceptionAsync(() => host.RunAsync().WaitAsync(HookedJob.Timeout)));
        Assert.True(lifetime.ApplicationStarted.IsCancellationRequested);
        Assert.Equal(PipelineExitCodes.Failed, Environment.ExitCode);
        Assert.Single(_logs.Entries, static entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task One_that_fails_later_stops_its_host()
    {
        var host = Host("30s");
        Assert.Null(await Record.ExceptionAsync(() => host.RunAsync().WaitAsync(HookedJob.Timeout)));
        Assert.Equal(PipelineExitCodes.Failed, Environment.ExitCode);
    }

    /// <summary>
    /// A service whose start ends when the pipeline before it has failed, and that observes the cancellation of the start.
    /// </summary>
    private sealed class SlowStart(IServiceProvider services) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var pipeline = services.GetServices<IHostedService>().OfType<BackgroundService>().First();
            await pipeline.ExecuteTask!.WaitAsync(HookedJob.Timeout, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A service that starts before the pipeline, and cancels the start of the host.</summary>
    private sealed class CancelledStart(CancellationTokenSource stop) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => stop.CancelAsync();

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private IHost Host(string shutdownTimeout, params (string Key, string Value)[] settings) =>
        Host(shutdownTimeout, static _ => { }, settings);

    private IHost Host(string shutdownTimeout, Action<HostApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(_ => _logs);
        (string Key, string Value)[] all =
        [
            ("ShutdownTimeout", shutdownTimeout), ("Sources:Clicks:Path", Path.Combine(_folder, "clicks.csv")),
            ("Sinks:Counts:Path", Path.Combine(_folder, "out", "counts.csv")),
            ("Sinks:Late:Path", Path.Combine(_folder, "late", "late.csv")), .. settings,
        ];
        builder.Configuration.AddInMemoryCollection(
            all.Select(setting => KeyValuePair.Create("Penstock:Pipelines:ClicksPipeline:" + setting.Key, (string?)setting.Value)));
        builder.AddPipeline<ClicksPipeline>();
        configure(builder);
        var host = builder.Build();
        _services.AddRange(host.Services.GetServices<IHostedService>().OfType<BackgroundService>());
        return host;
    }
}
