using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Tasks;

namespace Penstock.Hosting;

/// <summary>One registered pipeline in a host.</summary>
internal sealed class PipelineService : BackgroundService, IPipelineMonitor, IPipelineControl
{
    private readonly PipelineRunner _runner;
    private readonly PipelineMetrics _metrics;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PipelineService(PipelineRegistration registration, IServiceProvider services)
    {
        Name = registration.Name;
        _lifetime = services.GetService<IHostApplicationLifetime>();
        var options = registration.ReadOptions(services.GetService<IConfiguration>(), out var wrong);
        var environment = new ExecutionEnvironment(
            registration.Name, options, services, services.GetRequiredService<ILoggerFactory>().CreateLogger("Penstock." + registration.Name))
        {
            Time = services.GetService<TimeProvider>() ?? TimeProvider.System,
            Files = services.GetService<Files.IFileSystem>() ?? Files.LocalFileSystem.Instance,
        };
        _runner = new PipelineRunner(registration.Definition, environment, wrong);
        _metrics = new PipelineMetrics(_runner, environment.Time);
    }

    public string Name { get; }

    /// <summary>Completes when the pipeline has finished, was stopped, or failed for good.</summary>
    public Task Ended => _ended.Task;

    public PipelineStatus GetStatus() => _runner.Status();

    public Task<Savepoint> TakeSavepointAsync(string? path, CancellationToken cancellationToken) =>
        _runner.SavepointAsync(CheckpointMode.Savepoint, path).WaitAsync(cancellationToken);

    public Task<Savepoint> StopWithSavepointAsync(string? path, bool drain, CancellationToken cancellationToken) =>
        _runner.SavepointAsync(drain ? CheckpointMode.Drain : CheckpointMode.StopWithSavepoint, path).WaitAsync(cancellationToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);

        // A service that is stopped before it began does not run at all.
        _ended.TrySetResult();
    }

    public override void Dispose()
    {
        _metrics.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Starting reads files; the host must not wait for that.
        await Task.Yield();
        try
        {
            await _runner.RunAsync(stoppingToken).ConfigureAwait(false);
            if (_runner.Status().State == PipelineState.StoppedWithoutCheckpoint)
            {
                Environment.ExitCode = PipelineExitCodes.StoppedWithoutCheckpoint;
            }
        }
        catch (Exception)
        {
            // The runner has logged it, and it is in the status. Rethrown, it would be logged once more; a host without one of
            // its pipelines ends as it would then.
            Environment.ExitCode = PipelineExitCodes.Failed;
            _lifetime?.StopApplication();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
