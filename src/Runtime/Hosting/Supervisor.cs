using Penstock.Checkpoints;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Hosting;

/// <summary>Watches over one attempt to run a pipeline: takes its checkpoints and savepoints, until it ends, fails or is stopped.</summary>
/// <param name="graph">The attempt.</param>
/// <param name="coordinator">Takes the checkpoints.</param>
/// <param name="savepoints">Makes savepoints of them.</param>
/// <param name="requests">The savepoints that somebody asks for.</param>
/// <param name="failed">Fails when a subtask does.</param>
/// <param name="ended">Completes when every source has ended.</param>
/// <param name="stopped">Completes when the pipeline is to be stopped.</param>
internal sealed class Supervisor(
    PipelineGraph graph, CheckpointCoordinator coordinator, SavepointWriter savepoints, SavepointRequests requests, Task failed, Task ended, Task stopped)
{
    private readonly ExecutionEnvironment _environment = graph.Environment;
    private int _failuresInARow;
    private Task? _timeout;
    private Task<bool> _copying = Task.FromResult(true);

    /// <summary>Called after each checkpoint.</summary>
    public required Action<CompletedCheckpoint> Completed { get; init; }

    /// <summary>Called after each checkpoint that failed.</summary>
    public required Action CheckpointFailed { get; init; }

    /// <summary>Says in words what was read.</summary>
    public required Func<string> Counts { get; init; }

    private string Name => _environment.Name;

    /// <summary>Runs until there is nothing more to do.</summary>
    /// <returns>How it ended; null when it stopped for a savepoint that failed, so that the pipeline is to go on.</returns>
    public async Task<PipelineState?> RunAsync()
    {
        var time = _environment.Time;
        var (pausing, pause) = (time.GetTimestamp(), _environment.Options.Checkpoints.Interval);
        while (true)
        {
            using var wake = new CancellationTokenSource();
            var left = pause - time.GetElapsedTime(pausing);
            var interval = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, wake.Token);

            // One savepoint is copied at a time; checkpoints go on meanwhile.
            var asked = _copying.IsCompleted ? requests.Asked : _copying;
            await Task.WhenAny(failed, ended, stopped, asked, interval).ConfigureAwait(false);
            var isDue = interval.IsCompleted;
            await wake.CancelAsync().ConfigureAwait(false);
            if (failed.IsFaulted)
            {
                await failed.ConfigureAwait(false);
            }

            if (ended.IsCompleted)
            {
                await CheckpointAsync(CheckpointMode.Terminal).ConfigureAwait(false);
                await graph.ReleaseSinksAsync().ConfigureAwait(false);
                await _copying.ConfigureAwait(false);
                _environment.Log.Finished(Name, Counts());
                return PipelineState.Finished;
            }

            if (stopped.IsCompleted)
            {
                return await StopAsync().ConfigureAwait(false);
            }

            var started = time.GetTimestamp();
            if (_copying.IsCompleted && requests.Asked.IsCompleted)
            {
                var request = requests.Take();
                _copying = await BeginSavepointAsync(request).ConfigureAwait(false);
                if (request.Mode.IsLast())
                {
                    return await _copying.ConfigureAwait(false) || stopped.IsCompleted ? PipelineState.Stopped : null;
                }
            }
            else if (isDue)
            {
                // Its output may be waiting for something outside that does not come back; a stop does not wait for that.
                var checkpoint = CheckpointAsync(CheckpointMode.Ordinary);
                await Task.WhenAny(checkpoint, stopped).ConfigureAwait(false);
                if (!await IsInTimeAsync(checkpoint).ConfigureAwait(false))
                {
                    return PipelineState.StoppedWithoutCheckpoint;
                }

                await checkpoint.ConfigureAwait(false);
            }
            else
            {
                // A copy has ended: the next checkpoint is due when it was.
                continue;
            }

            (pausing, pause) = (time.GetTimestamp(), PauseAfter(time.GetElapsedTime(started)));
        }
    }

    private TimeSpan PauseAfter(TimeSpan duration)
    {
        var options = _environment.Options.Checkpoints;
        var left = options.Interval - duration;
        return left > options.MinimumPause ? left : options.MinimumPause;
    }

    private async Task<PipelineState> StopAsync()
    {
        var last = CheckpointAsync(CheckpointMode.Stop);
        if (!await IsInTimeAsync(last).ConfigureAwait(false))
        {
            return PipelineState.StoppedWithoutCheckpoint;
        }

        var completed = await last.ConfigureAwait(false);
        _environment.Log.Stopped(Name, completed!.Id);
        return PipelineState.Stopped;
    }

    // There is one timeout for all that happens once the pipeline is to be stopped.
    private async Task<bool> IsInTimeAsync(Task checkpoint)
    {
        if (checkpoint.IsCompleted)
        {
            return true;
        }

        var timeout = _environment.Options.ShutdownTimeout;
        _timeout ??= Task.Delay(timeout, _environment.Time);
        if (await Task.WhenAny(checkpoint, _timeout).ConfigureAwait(false) == checkpoint)
        {
            return true;
        }

        _environment.Log.StoppedWithoutCheckpoint(Name, timeout);
        return false;
    }

    // What goes wrong with the checkpoint is a failure of the pipeline; with the copy, the matter of the one who asked.
    private async Task<Task<bool>> BeginSavepointAsync(SavepointRequest request)
    {
        try
        {
            var checkpoint = await CheckpointAsync(request.Mode).ConfigureAwait(false);
            return CopyAsync(request, checkpoint);
        }
        catch (Exception error)
        {
            GiveUp(request, error);
            throw;
        }
    }

    private async Task<bool> CopyAsync(SavepointRequest request, CompletedCheckpoint? checkpoint)
    {
        try
        {
            var savepoint = checkpoint == null
                ? throw new PipelineException("The checkpoint for it failed, see the log. Ask for it once more.")
                : await savepoints.WriteAsync(checkpoint.Manifest, request.Path, failed, stopped).ConfigureAwait(false);
            _environment.Log.SavepointComplete(Name, savepoint.Location, savepoint.Checkpoint, savepoint.Bytes);
            request.Done.TrySetResult(savepoint);
            return true;
        }
        catch (Exception error)
        {
            GiveUp(request, error);
            return false;
        }
    }

    private void GiveUp(SavepointRequest request, Exception error)
    {
        _environment.Log.SavepointFailed(Name, error.Message);
        request.Done.TrySetException(new PipelineException($"Pipeline '{Name}': the savepoint failed. {error.Message}", error));
    }

    // A checkpoint that fails is followed by the next one, until too many have failed; the last one of an attempt is tried again.
    private async Task<CompletedCheckpoint?> CheckpointAsync(CheckpointMode mode)
    {
        while (true)
        {
            try
            {
                var taking = coordinator.TakeAsync(mode);
                await (await Task.WhenAny(taking, failed).ConfigureAwait(false)).ConfigureAwait(false);
                var completed = await taking.ConfigureAwait(false);
                _failuresInARow = 0;
                _environment.Log.CheckpointComplete(Name, completed.Id, completed.StateBytes, completed.Duration.TotalMilliseconds);
                Completed(completed);
                return completed;
            }
            catch (CheckpointFailedException error) when (++_failuresInARow <= _environment.Options.Checkpoints.ToleratedFailures)
            {
                CheckpointFailed();
                _environment.Log.CheckpointFailed(Name, _failuresInARow, _environment.Options.Checkpoints.ToleratedFailures, error.Message);
                if (!mode.IsLast())
                {
                    return null;
                }

                var again = Task.Delay(PauseAfter(TimeSpan.Zero), _environment.Time);
                await (await Task.WhenAny(again, failed).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
    }
}
