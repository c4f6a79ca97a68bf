using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Hosting.Places;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Hosting;

/// <summary>Runs one pipeline: starts it from its last checkpoint, restarts it when it fails, and stops it cleanly.</summary>
internal sealed class PipelineRunner
{
    private readonly PipelineDefinition _definition;
    private readonly ExecutionEnvironment _environment;
    private readonly PipelineException? _wrongConfiguration;
    private readonly RestartPolicy _restart;
    private readonly SavepointRequests _savepoints = new();
    private IReadOnlyDictionary<string, TaskCounters> _countedBefore = new Dictionary<string, TaskCounters>();
    private long? _rowsBefore;
    private PipelineGraph? _graph;
    private SourceWatch? _watch;
    private CompletedCheckpoint? _lastCheckpoint;
    private Exception? _error;
    private Task _leftBehind = Task.CompletedTask;
    private int _restarts;
    private bool _wasFinished;
    private volatile PipelineState _state = PipelineState.Starting;

    /// <summary>Creates the runner.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">What it runs in.</param>
    /// <param name="wrongConfiguration">Why the pipeline cannot run: then it fails at once, where a failure is seen and logged.</param>
    public PipelineRunner(PipelineDefinition definition, ExecutionEnvironment environment, PipelineException? wrongConfiguration = null)
    {
        _definition = definition;
        _environment = environment;
        _wrongConfiguration = wrongConfiguration;
        _restart = new RestartPolicy(environment.Options.Restart, Random.Shared);
    }

    public string Name => _environment.Name;

    public PipelineGraph? Graph => _graph;

    public SourceWatch? Watch => _watch;

    /// <summary>Called after each checkpoint that failed.</summary>
    public Action CheckpointFailed { get; set; } = () => { };

    /// <summary>Called after each checkpoint.</summary>
    public Action<CompletedCheckpoint> CheckpointCompleted { get; set; } = _ => { };

    public PipelineStatus Status()
    {
        var graph = _graph;
        var sum = new SubtaskCounters();
        var countedBefore = _countedBefore;
        var rows = SourceRows(countedBefore);
        foreach (var before in countedBefore.Values)
        {
            sum.Late += before.Late;
            sum.Bad += before.Bad;
            sum.Windows += before.Windows;
        }

        foreach (var subtask in graph?.Subtasks ?? [])
        {
            rows += subtask.Source != null ? subtask.Counters.RowsIn : 0;
            sum.Add(subtask.Counters);
        }

        var watch = _watch;
        return new PipelineStatus(
            Name,
            _state,
            rows,
            _rowsBefore ?? 0,
            sum.Late,
            sum.Bad,
            sum.Windows,
            watch?.Watermark,
            _lastCheckpoint is { } last ? new CheckpointStatus(last.Id, last.At, last.Duration, last.StateBytes) : null,
            _restarts,
            _wasFinished,
            _error)
        {
            StateBytes = graph?.State.Bytes ?? 0,
            Sources = SourceAccounts.Of(_definition.Plan, countedBefore, graph, watch),
        };
    }

    /// <summary>Runs until the pipeline has finished, was stopped, or failed for good.</summary>
    /// <param name="stop">Asks for a last checkpoint and the end.</param>
    /// <exception cref="Exception">The pipeline failed for good.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            if (_wrongConfiguration != null)
            {
                throw _wrongConfiguration;
            }

            PipelinePlaces.Check(_definition.Plan, _environment);
            _environment.Log.Starting(Name, _environment.Options.Parallelism);
            var store = new CheckpointStore(CheckpointStorage.Of(_environment));
            try
            {
                await RunAttemptsAsync(store, stop).ConfigureAwait(false);
            }
            finally
            {
                Release(store);
            }
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            var explained = new PipelineException(
                $"Pipeline '{Name}' cannot go on: {error.Message} Trying again would not help: let this process use that path, or configure another one.", error);
            Fail(explained);
            throw explained;
        }
        catch (Exception error)
        {
            Fail(error);
            throw;
        }
    }

    private async Task RunAttemptsAsync(CheckpointStore store, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                _state = PipelineState.Starting;
                if (await RunOnceAsync(store, stop).ConfigureAwait(false) is { } end)
                {
                    End(end);
                    return;
                }
            }
            catch (Exception error) when (!stop.IsCancellationRequested && _restart.DelayAfter(error) is { } delay)
            {
                _error = error;
                _restarts++;
                _state = PipelineState.Restarting;
                _environment.Log.Restarting(error, Name, delay);
                await PauseAsync(delay, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks for a savepoint.</summary>
    /// <exception cref="PipelineException">The pipeline has ended, or the path is one where no savepoint can be.</exception>
    public Task<Savepoint> SavepointAsync(CheckpointMode mode, string? path)
    {
        if (path != null)
        {
            PipelinePlaces.CheckSavepoint(_definition.Plan, _environment, path);
        }

        return _savepoints.AskAsync(mode, path);
    }

    private void End(PipelineState state)
    {
        _state = state;
        _savepoints.Close($"Pipeline '{Name}' takes no savepoint: its state is {state}.");
    }

    private void Fail(Exception error)
    {
        _error = error;
        End(PipelineState.Failed);

        // The engine's own messages say all there is to say; of anything else the stack is needed.
        _environment.Log.FailedForGood(error is PipelineException and not (OperatorException or SinkException) ? null : error, Name, error.Message);
    }

    private long SourceRows(IReadOnlyDictionary<string, TaskCounters> counted) =>
        _definition.Plan.Tasks.Where(task => task.Input == null).Sum(task => counted.GetValueOrDefault(task.Id)?.RowsIn ?? 0);

    private async Task PauseAsync(TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, _environment.Time, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopped while waiting: the next attempt takes nothing in and ends at once.
        }
    }

    // Null when the pipeline is to go on at once.
    private async Task<PipelineState?> RunOnceAsync(CheckpointStore store, CancellationToken stop)
    {
        (_graph, _watch) = (null, null);
        var graph = new PipelineGraph(_definition, _environment with { Spool = store.Storage });
        try
        {
            return await RunOnceAsync(graph, store, stop).ConfigureAwait(false);
        }
        finally
        {
            Release(graph);
        }
    }

    private async Task<PipelineState?> RunOnceAsync(PipelineGraph graph, CheckpointStore store, CancellationToken stop)
    {
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        graph.Failed = error => failed.TrySetException(error);
        graph.AllSourcesEnded = () => ended.TrySetResult();
        await using var registration = stop.Register(() => stopped.TrySetResult());

        var start = await new Restorer(store, graph).RestoreAsync().ConfigureAwait(false);
        _countedBefore = start.Counters;
        _rowsBefore ??= SourceRows(_countedBefore);
        graph.Open(start.NextCheckpoint);
        if (start.Manifest is { Terminal: true } last)
        {
            await graph.ReleaseSinksAsync().ConfigureAwait(false);
            _wasFinished = _restarts == 0;
            _environment.Log.AlreadyFinished(Name, last.Id, last.TakenAt);
            return PipelineState.Finished;
        }

        _graph = graph;
        using var watch = new SourceWatch(graph);
        _watch = watch;
        var coordinator = new CheckpointCoordinator(graph, _definition, store, start);
        var supervisor = new Supervisor(graph, coordinator, new SavepointWriter(_environment, store), _savepoints, failed.Task, ended.Task, stopped.Task)
        {
            Completed = OnCompleted,
            CheckpointFailed = () => CheckpointFailed(),
            Counts = () => SourceAccounts.Describe(Status().Sources),
        };
        graph.Start();
        _state = PipelineState.Running;
        PipelineState? end = null;
        try
        {
            return end = await supervisor.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            await graph.StopAsync().ConfigureAwait(false);
            _leftBehind = coordinator.AbandonAsync();
            if (end != PipelineState.StoppedWithoutCheckpoint)
            {
                await _leftBehind.ConfigureAwait(false);
            }
        }
    }

    // Nobody else may use the places of a checkpoint that was given up, but is still on its way to a store that does not answer.
    private void Release(IDisposable resource)
    {
        if (_leftBehind.IsCompleted)
        {
            resource.Dispose();
        }
        else
        {
            _leftBehind.ContinueWith(_ => resource.Dispose(), TaskScheduler.Default);
        }
    }

    private void OnCompleted(CompletedCheckpoint completed)
    {
        _lastCheckpoint = completed;
        _restart.Progressed();
        CheckpointCompleted(completed);
    }
}
