using Penstock.Checkpoints;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Hosting;

/// <summary>Supervises one attempt to run a pipeline: takes its checkpoints and savepoints until it ends, fails or is stopped.</summary>
/// <param name="graph">The attempt.</param>
/// <param name="job">The job that takes the checkpoints.</param>
/// <param name="savepoints">The writer that makes savepoints of them.</param>
/// <param name="requests">The requests for savepoints.</param>
/// <param name="stop">The stop signal.</param>
internal sealed class Supervisor(
    ExecutionGraph graph, LocalJob job, SavepointWriter savepoints, SavepointRequests requests, StopSignal stop)
{
    private readonly ExecutionEnvironment _environment = graph.Environment;
    private int _failuresInARow;
    private SavepointRequest? _request;
    private Task<SavepointPlace?>? _opening;
    private Task<bool> _copying = Task.FromResult(true);
    private Task<CompletedCheckpoint>? _committing;

    /// <summary>Called after each completed checkpoint.</summary>
    public required Action<CompletedCheckpoint> Completed { get; init; }

    /// <summary>Called after each failed checkpoint.</summary>
    public required Action CheckpointFailed { get; init; }

    /// <summary>Returns the counts of rows as text.</summary>
    public required Func<string> Counts { get; init; }

    private string Name => _environment.Name;

    /// <summary>Runs until there is nothing more to do, or until the time to stop is over, regardless of pending work.</summary>
    /// <returns>The final state, or null if the attempt stopped for a savepoint that failed, so that the pipeline is to continue.</returns>
    public async Task<PipelineState?> RunAsync()
    {
        var supervising = SuperviseAsync();
        if (await Task.WhenAny(supervising, stop.Deadline) == supervising)
        {
            return await supervising;
        }

        // It ends by itself when its checkpoint is abandoned. Its exception is then irrelevant.
        _ = supervising.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
        if (_request is { } request)
        {
            GiveUp(request, new PipelineException(
                ErrorCodes.SavepointGivenUp,
                $"The pipeline was stopped, and its last checkpoint was not complete within {stop.Timeout} (ShutdownTimeout)."));
        }

        _environment.Log.StoppedWithoutCheckpoint(Name, stop.Timeout);
        return PipelineState.StoppedWithoutCheckpoint;
    }

    private async Task<PipelineState?> SuperviseAsync()
    {
        try
        {
            return await TakeCheckpointsAsync();
        }
        finally
        {
            if (_opening != null)
            {
                GiveUp(_request!, new PipelineException(
                    ErrorCodes.SavepointGivenUp,
                    "The pipeline ended before the checkpoint of the savepoint began."));
                _ = _opening.ContinueWith(
                    static opened => opened.Result?.Dispose(),
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
    }

    private async Task<PipelineState?> TakeCheckpointsAsync()
    {
        var stopped = stop.Requested;
        var time = _environment.Time;
        var (pausing, pause) = (time.GetTimestamp(), _environment.Options.Checkpoints.Interval);
        while (true)
        {
            using var wake = new CancellationTokenSource();
            var left = pause - time.GetElapsedTime(pausing);
            var interval = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, wake.Token);

            // One savepoint is opened or copied at a time; checkpoints continue meanwhile.
            var asked = _copying.IsCompleted ? _opening ?? requests.Requested : _copying;
            Task[] committed = _committing is { } committing ? [committing] : [];
            await Task.WhenAny([job.Failed, job.Ended, stopped, asked, interval, .. committed]);
            var isDue = interval.IsCompleted;
            wake.Cancel();
            if (job.Failed.IsFaulted)
            {
                await job.Failed;
            }

            if (_committing is { IsCompleted: true })
            {
                await ReportAsync();
            }

            if (job.Ended.IsCompleted)
            {
                await CheckpointAsync(CheckpointMode.Terminal);
                await graph.Sinks.ReleaseAsync();
                await _copying;
                _environment.Log.Finished(Name, Counts());
                return PipelineState.Finished;
            }

            if (stopped.IsCompleted)
            {
                return await StopAsync();
            }

            var started = time.GetTimestamp();
            if (_opening is { IsCompleted: true } && await TakeOpenedAsync() is { } place)
            {
                _copying = await BeginSavepointAsync(_request!, place);
                if (_request!.Mode.IsLast())
                {
                    return await _copying || stopped.IsCompleted ? PipelineState.Stopped : null;
                }
            }
            else if (_copying.IsCompleted && _opening == null && requests.Requested.IsCompleted)
            {
                _request = requests.Take();
                _opening = OpenSavepointAsync(_request);
                continue;
            }
            else if (isDue)
            {
                await CheckpointAsync(CheckpointMode.Ordinary);
            }
            else
            {
                // A copy or a commit has ended; that does not change when the next checkpoint is due.
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
        var completed = await CheckpointAsync(CheckpointMode.Stop);
        _environment.Log.Stopped(Name, completed!.Id);
        return PipelineState.Stopped;
    }

    // The place is opened before the checkpoint: a drain fires all windows, which a place that cannot be used must not cause.
    private async Task<SavepointPlace?> OpenSavepointAsync(SavepointRequest request)
    {
        try
        {
            return await savepoints.OpenAsync(request.Path, job.Failed, stop.Requested);
        }
        catch (Exception error)
        {
            GiveUp(request, error);
            return null;
        }
    }

    private async Task<SavepointPlace?> TakeOpenedAsync()
    {
        var place = await _opening!;
        _opening = null;
        return place;
    }

    // A failure of the checkpoint fails the pipeline; a failure of the copy fails only the request.
    private async Task<Task<bool>> BeginSavepointAsync(SavepointRequest request, SavepointPlace place)
    {
        try
        {
            var checkpoint = await CheckpointAsync(request.Mode);
            return CopyAsync(request, place, checkpoint);
        }
        catch (Exception error)
        {
            place.Dispose();
            GiveUp(request, error);
            throw;
        }
    }

    private async Task<bool> CopyAsync(SavepointRequest request, SavepointPlace place, CompletedCheckpoint? checkpoint)
    {
        try
        {
            var savepoint = checkpoint == null
                ? throw new PipelineException(
                    ErrorCodes.SavepointGivenUp,
                    "Its checkpoint failed, see the log. Request the savepoint again.")
                : await savepoints.WriteAsync(place, checkpoint.Manifest, job.Failed, stop.Requested);
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
        // The code of the underlying error is kept.
        var (code, why) = error is PipelineException known
            ? (known.ErrorCode, known.Description)
            : (ErrorCodes.SavepointGivenUp, error.Message);
        if (request.Done.TrySetException(new PipelineException(code, $"Pipeline '{Name}': the savepoint failed. {why}", error)))
        {
            _environment.Log.SavepointFailed(Name, error.Message);
        }
    }

    // A failed checkpoint is followed by the next one, until too many have failed; the last one of an attempt is retried. Returns null if
    // the checkpoint failed, or if it is an ordinary one whose output is not visible yet, since that need not be awaited.
    private async Task<CompletedCheckpoint?> CheckpointAsync(CheckpointMode mode)
    {
        while (true)
        {
            try
            {
                var publishing = job.PublishCheckpointAsync(mode);
                await (await Task.WhenAny(publishing, job.Failed));
                var committing = await publishing;
                _failuresInARow = 0;
                if (_committing != null)
                {
                    // The previous checkpoint is always committed by now.
                    await ReportAsync();
                }

                _committing = committing;
                if (mode == CheckpointMode.Ordinary && !committing.IsCompleted)
                {
                    return null;
                }

                await (await Task.WhenAny(committing, job.Failed));
                return await ReportAsync();
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
                await (await Task.WhenAny(again, job.Failed));
            }
        }
    }

    private async Task<CompletedCheckpoint> ReportAsync()
    {
        var completed = await _committing!;
        _committing = null;
        _environment.Log.CheckpointComplete(Name, completed.Id, completed.StateBytes, completed.Duration.TotalMilliseconds);
        Completed(completed);
        return completed;
    }
}
