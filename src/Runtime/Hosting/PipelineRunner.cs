using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Hosting;

/// <summary>Runs one pipeline: starts it from its last checkpoint, restarts it when it fails, and stops it cleanly.</summary>
internal sealed class PipelineRunner
{
    private readonly PipelineDefinition _definition;
    private readonly ExecutionEnvironment _environment;
    private readonly PipelineException? _wrongConfiguration;
    private readonly RestartPolicy _restart;
    private Dictionary<string, TaskCounters> _countedBefore = [];
    private long? _rowsBefore;
    private PipelineGraph? _graph;
    private CompletedCheckpoint? _lastCheckpoint;
    private Exception? _error;
    private int _restarts;
    private int _failuresInARow;
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

        var watermark = graph?.Subtasks.Select(subtask => subtask.Source?.Watermark).OfType<long>().DefaultIfEmpty(Watermarks.None).Min();
        return new PipelineStatus(
            Name,
            _state,
            rows,
            _rowsBefore ?? 0,
            sum.Late,
            sum.Bad,
            sum.Windows,
            watermark is { } instant && Watermarks.IsInstant(instant) ? EventTimes.ToDateTimeOffset(instant) : null,
            _lastCheckpoint is { } last ? new CheckpointStatus(last.Id, last.At, last.Duration, last.StateBytes) : null,
            _restarts,
            _wasFinished,
            _error)
        {
            StateBytes = graph?.State.Bytes ?? 0,
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

            _environment.Log.Starting(Name, _environment.Options.Parallelism);
            using var store = new CheckpointStore(CheckpointStorage.Of(_environment));
            while (true)
            {
                try
                {
                    _state = PipelineState.Starting;
                    _state = await RunOnceAsync(store, stop).ConfigureAwait(false);
                    return;
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

    private void Fail(Exception error)
    {
        _error = error;
        _state = PipelineState.Failed;

        // The engine's own messages say all there is to say; of anything else the stack is needed.
        _environment.Log.FailedForGood(error is PipelineException and not (OperatorException or SinkException) ? null : error, Name, error.Message);
    }

    private long SourceRows(Dictionary<string, TaskCounters> counted) =>
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

    private async Task<PipelineState> RunOnceAsync(CheckpointStore store, CancellationToken stop)
    {
        _graph = null;
        using var graph = new PipelineGraph(_definition, _environment);
        _failuresInARow = 0;
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        graph.Failed = error => failed.TrySetException(error);
        graph.AllSourcesEnded = () => ended.TrySetResult();

        var (manifest, next) = await new Restorer(store, graph).RestoreAsync().ConfigureAwait(false);
        _countedBefore = manifest?.Counters ?? [];
        _rowsBefore ??= SourceRows(_countedBefore);
        graph.Open(next);
        if (manifest is { Terminal: true })
        {
            await graph.ReleaseSinksAsync().ConfigureAwait(false);
            _wasFinished = _restarts == 0;
            _environment.Log.AlreadyFinished(Name, manifest.Id, manifest.TakenAt);
            return PipelineState.Finished;
        }

        _graph = graph;
        var coordinator = new CheckpointCoordinator(graph, _definition, store, next, _countedBefore);
        graph.Start();
        _state = PipelineState.Running;
        try
        {
            return await SuperviseAsync(coordinator, failed.Task, ended.Task, stop).ConfigureAwait(false);
        }
        finally
        {
            await graph.StopAsync().ConfigureAwait(false);
            if (_state != PipelineState.StoppedWithoutCheckpoint)
            {
                await coordinator.AbandonAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<PipelineState> SuperviseAsync(CheckpointCoordinator coordinator, Task failed, Task ended, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        var pause = _environment.Options.Checkpoints.Interval;
        while (true)
        {
            using var wake = new CancellationTokenSource();
            var interval = Task.Delay(pause, _environment.Time, wake.Token);
            await Task.WhenAny(failed, ended, stopped.Task, interval).ConfigureAwait(false);
            await wake.CancelAsync().ConfigureAwait(false);
            if (failed.IsFaulted)
            {
                await failed.ConfigureAwait(false);
            }

            if (ended.IsCompleted)
            {
                await CheckpointAsync(coordinator, failed, stop: true, terminal: true).ConfigureAwait(false);
                await _graph!.ReleaseSinksAsync().ConfigureAwait(false);
                _environment.Log.Finished(Name);
                return PipelineState.Finished;
            }

            if (stopped.Task.IsCompleted)
            {
                return await StopAsync(coordinator, failed).ConfigureAwait(false);
            }

            var started = _environment.Time.GetTimestamp();
            await CheckpointAsync(coordinator, failed, stop: false, terminal: false).ConfigureAwait(false);
            pause = PauseAfter(_environment.Time.GetElapsedTime(started));
        }
    }

    private TimeSpan PauseAfter(TimeSpan duration)
    {
        var options = _environment.Options.Checkpoints;
        var left = options.Interval - duration;
        return left > options.MinimumPause ? left : options.MinimumPause;
    }

    private async Task<PipelineState> StopAsync(CheckpointCoordinator coordinator, Task failed)
    {
        var timeout = _environment.Options.ShutdownTimeout;
        var last = CheckpointAsync(coordinator, failed, stop: true, terminal: false);
        var winner = await Task.WhenAny(last, Task.Delay(timeout, _environment.Time)).ConfigureAwait(false);
        if (winner != last)
        {
            coordinator.Abandon();
            _state = PipelineState.StoppedWithoutCheckpoint;
            _environment.Log.StoppedWithoutCheckpoint(Name, timeout);
            return PipelineState.StoppedWithoutCheckpoint;
        }

        await last.ConfigureAwait(false);
        _environment.Log.Stopped(Name, _lastCheckpoint!.Id);
        return PipelineState.Stopped;
    }

    // A checkpoint that fails is followed by the next one, until too many have failed; the last one of a job is tried again.
    private async Task CheckpointAsync(CheckpointCoordinator coordinator, Task failed, bool stop, bool terminal)
    {
        while (true)
        {
            try
            {
                await TakeAsync(coordinator, failed, stop, terminal).ConfigureAwait(false);
                _failuresInARow = 0;
                return;
            }
            catch (CheckpointFailedException error) when (++_failuresInARow <= _environment.Options.Checkpoints.ToleratedFailures)
            {
                CheckpointFailed();
                _environment.Log.CheckpointFailed(Name, _failuresInARow, _environment.Options.Checkpoints.ToleratedFailures, error.Message);
                if (!stop)
                {
                    return;
                }

                var again = Task.Delay(PauseAfter(TimeSpan.Zero), _environment.Time);
                await (await Task.WhenAny(again, failed).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeAsync(CheckpointCoordinator coordinator, Task failed, bool stop, bool terminal)
    {
        var taking = coordinator.TakeAsync(stop, terminal);
        await (await Task.WhenAny(taking, failed).ConfigureAwait(false)).ConfigureAwait(false);
        var completed = await taking.ConfigureAwait(false);
        _lastCheckpoint = completed;
        _restart.Progressed();
        _environment.Log.CheckpointComplete(Name, completed.Id, completed.StateBytes, completed.Duration.TotalMilliseconds);
        CheckpointCompleted(completed);
    }
}
