using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Hosting;

/// <summary>One registered pipeline in a host.</summary>
internal sealed class PipelineService : BackgroundService, IPipelineMonitor, IPipelineControl
{
    private readonly PipelineRunner _runner;
    private readonly PipelineMetrics _metrics;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly IServiceProvider _services;
    private readonly ILogger _log;
    private volatile bool _hasBegun;

    public PipelineService(PipelineRegistration registration, IServiceProvider services)
    {
        Name = registration.Name;
        _lifetime = services.GetService<IHostApplicationLifetime>();
        var options = registration.ReadOptions(services.GetService<IConfiguration>(), out var wrong);
        var environment = new ExecutionEnvironment(
            registration.Name, options, services, services
                .GetRequiredService<ILoggerFactory>()
                .CreateLogger("Penstock." + registration.Name))
        {
            Time = services.GetService<TimeProvider>() ?? TimeProvider.System,
            Files = services.GetService<IFileSystem>() ?? LocalFileSystem.Instance,
        };
        (_time, _services, _log) = (environment.Time, services, environment.Log);
        _runner = new PipelineRunner(registration.Definition, environment, wrong);
        _metrics = new PipelineMetrics(_runner, environment.Time);
    }

    public string Name { get; }

    /// <summary>Completes when the pipeline has finished, was stopped, or failed permanently.</summary>
    public Task Ended => _ended.Task;

    public PipelineStatus GetStatus() => _runner.Status();

    public Task<Savepoint> TakeSavepointAsync(string? path, CancellationToken cancellationToken) =>
        _runner.SavepointAsync(CheckpointMode.Savepoint, path).WaitAsync(cancellationToken);

    public Task<Savepoint> StopWithSavepointAsync(string? path, bool drain, CancellationToken cancellationToken) =>
        _runner.SavepointAsync(drain ? CheckpointMode.Drain : CheckpointMode.StopWithSavepoint, path).WaitAsync(cancellationToken);

    // The start token is not used for stopping: a host that is cancelled while it starts still stops its services in order.
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        LogUnreadSections();
        return base.StartAsync(CancellationToken.None);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (!_hasBegun)
        {
            // A service that is stopped before it starts does not run at all.
            _runner.StopBeforeStart();
        }
        else if (!_ended.Task.IsCompleted)
        {
            _runner.GiveUp(_time.GetElapsedTime(started));
        }

        SetExitCode();
        _ended.TrySetResult();
    }

    public override void Dispose()
    {
        _metrics.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _hasBegun = true;
        try
        {
            await _runner.RunAsync(stoppingToken).ConfigureAwait(false);
            SetExitCode();
        }
        catch (Exception)
        {
            // The runner has logged the failure and put it into the status. Rethrowing would log it again; the host also ends without it
            // when it loses one of its pipelines.
            SetExitCode();
            StopHost();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    // Stopping a host while it starts cancels the start of its other services, and some of them, such as the ASP.NET Core server, throw
    // then: the process would die of an unhandled exception. So the host is stopped after it has started; on a started host the callback
    // runs immediately.
    private void StopHost() =>
        _lifetime?.ApplicationStarted.Register(static lifetime => ((IHostApplicationLifetime)lifetime!).StopApplication(), _lifetime);

    // The first pipeline of the host reports for all.
    private void LogUnreadSections()
    {
        var all = _services.GetServices<PipelineRegistration>().Select(static registration => registration.Name).ToList();
        if (all[0] == Name)
        {
            foreach (var problem in PipelineSections.Unread(_services.GetService<IConfiguration>(), all))
            {
                _log.SectionUnread(problem);
            }
        }
    }

    // Every state other than finished or stopped after a checkpoint is a failure. With several pipelines, a failed one takes precedence.
    private void SetExitCode()
    {
        switch (_runner.Status().State)
        {
            case PipelineState.Finished or PipelineState.Stopped:
                break;
            case PipelineState.Failed:
                Environment.ExitCode = PipelineExitCodes.Failed;
                break;
            default:
                Environment.ExitCode = Environment.ExitCode == 0 ? PipelineExitCodes.StoppedWithoutCheckpoint : Environment.ExitCode;
                break;
        }
    }
}
