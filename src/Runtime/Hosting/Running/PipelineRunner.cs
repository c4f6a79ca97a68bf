using System.Runtime.ExceptionServices;
using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Hosting.Places;
using Penstock.Nodes;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Threads;

namespace Penstock.Hosting;

/// <summary>Runs one pipeline: starts it from its last checkpoint, restarts it when it fails, and stops it cleanly.</summary>
internal sealed partial class PipelineRunner
{
    private readonly PipelineDefinition _definition;
    private readonly ExecutionEnvironment _environment;
    private readonly PipelineException? _wrongConfiguration;
    private readonly RestartPolicy _restart;
    private readonly HealthJudge _health;
    private readonly SavepointRequests _savepoints;
    private IReadOnlyDictionary<string, TaskCounters> _countedBefore = new Dictionary<string, TaskCounters>();
    private long? _rowsRestored;
    private ExecutionGraph? _graph;
    private SourceWatch? _watch;
    private RemoteNode? _other;
    private CompletedCheckpoint? _lastCheckpoint;
    private Exception? _error;
    private Task _leftBehind = Task.CompletedTask;
    private int _attempts;
    private int _restarts;
    private bool _wasFinished;
    private readonly Lock _ending = new();
    private volatile PipelineState _state = PipelineState.Starting;
    private bool _hasEnded;

    /// <summary>Creates the runner.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">The execution environment.</param>
    /// <param name="wrongConfiguration">
    /// The configuration error with which the pipeline fails immediately, so that it is reported and logged like any failure.
    /// </param>
    public PipelineRunner(PipelineDefinition definition, ExecutionEnvironment environment, PipelineException? wrongConfiguration = null)
    {
        _definition = definition;
        _environment = environment;
        _wrongConfiguration = wrongConfiguration;
        _restart = new RestartPolicy(environment.Options.Restart, environment.Random);
        _savepoints = new SavepointRequests(environment.Background);
        _health = new HealthJudge(environment.Name, environment.Options, environment.Time);
    }

    public string Name => _environment.Name;

    public ExecutionGraph? Graph => _graph;

    public SourceWatch? Watch => _watch;

    /// <summary>Indicates whether a requested savepoint has not been taken up by an attempt yet.</summary>
    public bool IsSavepointWaiting => _savepoints.Requested.IsCompleted;

    /// <summary>Called after each failed checkpoint.</summary>
    public Action CheckpointFailed { get; set; } = () => { };

    /// <summary>Called after each completed checkpoint.</summary>
    public Action<CompletedCheckpoint> CheckpointCompleted { get; set; } = _ => { };

    /// <summary>Runs until the pipeline has finished, was stopped, or failed permanently.</summary>
    /// <param name="stop">Requests a last checkpoint and a stop.</param>
    /// <exception cref="Exception">The pipeline failed permanently.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var signal = new StopSignal(stop, _environment.Options.ShutdownTimeout, _environment);

        // Sources, sinks and file systems may block the thread that creates or opens them. A stop does not wait for that either.
        var running = _environment.Background.RunAsync(() => RunToEndAsync(signal));
        if (await Task.WhenAny(running, signal.WaitEnded) == running)
        {
            await running;
            return;
        }

        _ = running.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
        GiveUp(signal.Timeout);
    }

    /// <summary>Abandons the pipeline, because the host no longer waits or the pipeline does not end.</summary>
    /// <param name="waited">The time for which the host waited.</param>
    public void GiveUp(TimeSpan waited)
    {
        if (TryEnd(PipelineState.StoppedWithoutCheckpoint))
        {
            _environment.Log.StoppedWithoutCheckpoint(Name, waited);
        }
    }

    /// <summary>Records that the host stopped before the pipeline started.</summary>
    public void StopBeforeStart() => TryEnd(PipelineState.Stopped);

    private async Task RunToEndAsync(StopSignal stop)
    {
        try
        {
            if (_wrongConfiguration != null)
            {
                throw _wrongConfiguration;
            }

            CheckpointStorageResolver.CheckSchemes(_environment);
            PipelinePlaces.Check(_definition.Plan, _environment);
            _environment.Log.Starting(Name, new TaskParallelism(_definition.Plan, _environment.Options).ToString());
            var store = new CheckpointStore(CheckpointStorageResolver.Of(_environment), _environment.NewId);
            try
            {
                await RunAttemptsAsync(store, stop);
            }
            finally
            {
                _ = ReleaseAsync(store);
            }
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            var explained = new PipelineException(
                ErrorCodes.PathRefused,
                $"Pipeline '{Name}' cannot go on: {error.Message} A retry would not help: give this process access to the path, "
                    + $"or choose another path.",
                error);
            Fail(explained);
            throw explained;
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    }

    private async Task RunAttemptsAsync(CheckpointStore store, StopSignal stop)
    {
        while (true)
        {
            try
            {
                Enter(PipelineState.Starting);
                if (await RunOnceAsync(store, stop) is { } end)
                {
                    TryEnd(end);
                    return;
                }
            }
            catch (Exception error) when (stop.IsRequested && RestartPolicy.IsTransient(error))
            {
                // The next start resumes from the last checkpoint, as a restart would.
                _error = error;
                if (TryEnd(PipelineState.StoppedWithoutCheckpoint))
                {
                    _environment.Log.FailedWhileStopping(error, Name);
                }

                return;
            }
            catch (Exception error)
            {
                if (_restart.DelayAfter(error) is not { } delay)
                {
                    throw;
                }

                _error = error;
                _health.Failed(error);
                _restarts++;
                Enter(PipelineState.Restarting);
                _environment.Log.Restarting(error, Name, delay);
                if (await IsStoppedWithinAsync(delay, stop))
                {
                    TryEnd(PipelineState.Stopped);
                    _environment.Log.StoppedWhileRestarting(Name);
                    return;
                }
            }
        }
    }

    /// <summary>Requests a savepoint.</summary>
    /// <exception cref="PipelineException">The pipeline has ended, or no savepoint can be written to the path.</exception>
    public Task<Savepoint> SavepointAsync(CheckpointMode mode, string? path)
    {
        if (path != null)
        {
            PipelinePlaces.CheckSavepoint(_definition.Plan, _environment, path);
        }

        return _savepoints.RequestAsync(mode, path);
    }

    private void Enter(PipelineState state)
    {
        lock (_ending)
        {
            _state = _hasEnded ? _state : state;
        }
    }

    // Takes effect once: an abandoned run may still end later, when its result is no longer needed.
    private bool TryEnd(PipelineState state)
    {
        lock (_ending)
        {
            if (_hasEnded)
            {
                return false;
            }

            (_hasEnded, _state) = (true, state);
        }

        _savepoints.Close($"Pipeline '{Name}' takes no savepoint: its state is {state}.");
        return true;
    }

    private void Fail(Exception error)
    {
        _error ??= error;
        if (!TryEnd(PipelineState.Failed))
        {
            return;
        }

        _error = error;

        // The message of the engine's own errors is sufficient; for any other error the stack trace is needed.
        _environment.Log.FailedForGood(
            error is PipelineException and not (OperatorException or SinkException or CheckpointFailedException) ? null : error,
            Name,
            error.Message);
    }

    private async Task<bool> IsStoppedWithinAsync(TimeSpan delay, StopSignal stop)
    {
        using var wake = new CancellationTokenSource();
        await Task.WhenAny(Task.Delay(delay, _environment.Time, wake.Token), stop.Requested);
        wake.Cancel();
        return stop.IsRequested;
    }

    // Returns null if the pipeline is to continue immediately.
    private async Task<PipelineState?> RunOnceAsync(CheckpointStore store, StopSignal stop)
    {
        (_graph, _watch, _other) = (null, null, null);
        _attempts++;
        var environment = _environment with { Spool = store.Storage, IsRestart = _attempts > 1 };
        RemoteNode? other = null;
        if (environment.OtherNode is { } connector && (other = await JoinAsync(environment, connector, store.OpenJob(), stop)) == null)
        {
            return PipelineState.Stopped;
        }

        var closing = new AttemptClosing(Create(environment, other), other);
        PipelineState? end = null;
        Exception? failure = null;
        try
        {
            end = await RunOnceAsync(closing, store, stop);
        }
        catch (Exception error)
        {
            failure = error;
        }

        _leftBehind = closing.CloseAsync();
        if (!await closing.IsClosedInTimeAsync(stop) && end == null && !stop.IsRequested)
        {
            throw closing.CannotRestart(failure);
        }

        if (failure != null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return end;
    }

    // A stop does not wait for a node that has not joined. Nothing runs then, so that there is nothing to save: the result is null.
    private async Task<RemoteNode?> JoinAsync(ExecutionEnvironment environment, INodeConnector connector, string job, StopSignal stop)
    {
        using var waiting = new CancellationTokenSource();
        var joining = RemoteNode.JoinAsync(_definition, environment, connector, job, _attempts, waiting.Token);
        if (await Task.WhenAny(joining, stop.Requested) != joining)
        {
            waiting.Cancel();
        }

        try
        {
            return await joining;
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            return null;
        }
    }

    private ExecutionGraph Create(ExecutionEnvironment environment, RemoteNode? other)
    {
        try
        {
            return new ExecutionGraph(_definition, environment, other?.Membership);
        }
        catch
        {
            other?.Dispose();
            throw;
        }
    }

    private async Task<PipelineState?> RunOnceAsync(AttemptClosing closing, CheckpointStore store, StopSignal stop)
    {
        var graph = closing.Graph;
        RemoteNode[] others = closing.Other is { } other ? [other] : [];
        var start = await new Restorer(store, graph, others).RestoreAsync();
        _countedBefore = start.Counters;
        _rowsRestored ??= SourceRows(_countedBefore);
        graph.Open(start.NextCheckpoint);
        if (start.Manifest is { Terminal: true } last)
        {
            await graph.Sinks.ReleaseAsync();
            _wasFinished = _attempts == 1;
            _environment.Log.AlreadyFinished(Name, last.Id, last.TakenAt);
            return PipelineState.Finished;
        }

        if (stop.WaitEnded.IsCompleted)
        {
            // The caller no longer waits.
            return PipelineState.StoppedWithoutCheckpoint;
        }

        (_graph, _other) = (graph, closing.Other);
        using var watch = new SourceWatch(graph);
        _watch = watch;
        var job = new LocalJob(graph, store, start, others);
        closing.Job = job;
        var supervisor = new Supervisor(graph, job, new SavepointWriter(_environment, store), _savepoints, stop)
        {
            Completed = OnCompleted,
            CheckpointFailed = OnCheckpointFailed,
            Counts = () => SourceRowCounts.Describe(Status()),
        };
        foreach (var node in others)
        {
            node.Attach(job.Master);
            await node.StartAsync(start.NextCheckpoint, graph.Reached());
        }

        graph.Start();
        Enter(PipelineState.Running);
        _health.HasRun = true;
        return await supervisor.RunAsync();
    }

    // No other attempt may use the places of an abandoned checkpoint that is still being written to a store that does not answer.
    private async Task ReleaseAsync(IDisposable resource)
    {
        await _leftBehind;
        resource.Dispose();
    }

    private void OnCompleted(CompletedCheckpoint completed)
    {
        _lastCheckpoint = completed;
        _restart.Progressed();
        _health.Completed(completed);
        CheckpointCompleted(completed);
    }

    private void OnCheckpointFailed()
    {
        _health.CheckpointFailed();
        CheckpointFailed();
    }
}
