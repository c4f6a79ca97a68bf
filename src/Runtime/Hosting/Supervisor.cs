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

    /// <summary>Called after each checkpoint.</summary>
    public required Action<CompletedCheckpoint> Completed { get; init; }

    /// <summary>Called after each checkpoint that failed.</summary>
    public required Action CheckpointFailed { get; init; }

    private string Name => _environment.Name;

    /// <summary>Runs until there is nothing more to do.</summary>
    /// <returns>How it ended; null when it stopped for a savepoint that failed, so that the pipeline is to go on.</returns>
    public async Task<PipelineState?> RunAsync()
    {
        var pause = _environment.Options.Checkpoints.Interval;
        while (true)
        {
            using var wake = new CancellationTokenSource();
            var interval = Task.Delay(pause, _environment.Time, wake.Token);
            await Task.WhenAny(failed, ended, stopped, requests.Asked, interval).ConfigureAwait(false);
            await wake.CancelAsync().ConfigureAwait(false);
            if (failed.IsFaulted)
            {
                await failed.ConfigureAwait(false);
            }

            if (ended.IsCompleted)
            {
                await CheckpointAsync(CheckpointMode.Terminal).ConfigureAwait(false);
                await graph.ReleaseSinksAsync().ConfigureAwait(false);
                _environment.Log.Finished(Name);
                return PipelineState.Finished;
            }

            if (stopped.IsCompleted)
            {
                return await StopAsync().ConfigureAwait(false);
            }

            var started = _environment.Time.GetTimestamp();
            if (requests.Asked.IsCompleted)
            {
                var request = requests.Take();
                var isWritten = await SavepointAsync(request).ConfigureAwait(false);
                if (request.Mode.IsLast())
                {
                    return isWritten || stopped.IsCompleted ? PipelineState.Stopped : null;
                }
            }
            else
            {
                await CheckpointAsync(CheckpointMode.Ordinary).ConfigureAwait(false);
            }

            pause = PauseAfter(_environment.Time.GetElapsedTime(started));
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
        var timeout = _environment.Options.ShutdownTimeout;
        var last = CheckpointAsync(CheckpointMode.Stop);
        var winner = await Task.WhenAny(last, Task.Delay(timeout, _environment.Time)).ConfigureAwait(false);
        if (winner != last)
        {
            _environment.Log.StoppedWithoutCheckpoint(Name, timeout);
            return PipelineState.StoppedWithoutCheckpoint;
        }

        var completed = await last.ConfigureAwait(false);
        _environment.Log.Stopped(Name, completed!.Id);
        return PipelineState.Stopped;
    }

    private async Task<bool> SavepointAsync(SavepointRequest request)
    {
        CompletedCheckpoint? checkpoint;
        try
        {
            checkpoint = await CheckpointAsync(request.Mode).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            GiveUp(request, error);
            throw;
        }

        // What goes wrong from here on is the matter of the one who asked.
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
