using Penstock.Network;
using Penstock.Sinks;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Checkpoints;

/// <summary>
/// Takes the checkpoints of one attempt, one at a time: trigger, acknowledge, make durable, publish, commit. The algorithm is
/// that of Chandy and Lamport ("Distributed snapshots", 1985), with alignment at each subtask.
/// </summary>
internal sealed class CheckpointCoordinator
{
    private readonly PipelineGraph _graph;
    private readonly PipelineDefinition _definition;
    private readonly CheckpointStore _store;
    private readonly RestoredStart _start;
    private readonly int _subtasks;
    private readonly StateChain _chain = new();
    private readonly Lock _gate = new();
    private readonly List<PreparedSink> _uncommitted = [];
    private List<SubtaskSnapshot> _acknowledged = [];
    private TaskCompletionSource<List<SubtaskSnapshot>> _complete;
    private Task _taking = Task.CompletedTask;
    private volatile bool _abandoned;
    private bool _isOpen;
    private bool _isWhole;
    private long _current;
    private long _next;

    public CheckpointCoordinator(
        PipelineGraph graph, PipelineDefinition definition, CheckpointStore store, RestoredStart start)
    {
        _graph = graph;
        _definition = definition;
        _store = store;
        _start = start;
        _next = start.NextCheckpoint;
        _subtasks = graph.Subtasks.Count();
        _complete = NewCompletion();
        graph.Acknowledged = Acknowledge;
    }

    /// <summary>Takes a checkpoint and commits the output before it.</summary>
    /// <param name="mode">What it is for.</param>
    /// <exception cref="CheckpointFailedException">It was not written or not in time. Nothing is lost: the next one includes its output.</exception>
    public Task<CompletedCheckpoint> TakeAsync(CheckpointMode mode)
    {
        lock (_gate)
        {
            ThrowIfAbandoned();
            var taking = TakeCoreAsync(mode);
            _taking = taking;
            return taking;
        }
    }

    /// <summary>
    /// Gives up a checkpoint that is under way, unless it is being published, and waits until nothing of it is: then another attempt may use the place. No
    /// other one begins.
    /// </summary>
    public async Task AbandonAsync()
    {
        Task taking;
        lock (_gate)
        {
            _abandoned = true;
            _complete.TrySetCanceled();
            taking = _taking;
        }

        await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task<CompletedCheckpoint> TakeCoreAsync(CheckpointMode mode)
    {
        var time = _graph.Environment.Time;
        var started = time.GetTimestamp();
        using var activity = PenstockTelemetry.Activities.StartActivity("checkpoint");
        Trigger(mode);
        activity?.SetTag("penstock.pipeline", _graph.Environment.Name).SetTag("penstock.checkpoint", _current);

        var manifest = await CompleteAsync(mode);

        // The next start commits what is published.
        ThrowIfAbandoned();
        _graph.Commit.Failing($"the output of checkpoint {manifest.Id} is not visible yet");
        await CommitAsync(manifest, _graph.Committers);
        _graph.Commit.Working();
        _graph.OnCheckpointCompleted();
        Collect(() => _store.Collect(_graph.Environment.Options.Checkpoints.Retain, manifest.Id));
        return new CompletedCheckpoint(manifest.Id, time.GetUtcNow(), time.GetElapsedTime(started), manifest);
    }

    private async Task<Manifest> CompleteAsync(CheckpointMode mode)
    {
        try
        {
            var snapshots = await ReachBarrierAsync();
            var manifest = await WriteAsync(snapshots, mode);
            _chain.Completed(manifest.Files);
            Close(isPublished: true);
            return manifest;
        }
        catch
        {
            _chain.Failed();
            Close(isPublished: false);
            throw;
        }
    }

    private async Task<List<SubtaskSnapshot>> ReachBarrierAsync()
    {
        var timeout = _graph.Environment.Options.Checkpoints.Timeout;
        try
        {
            return await _complete.Task.WaitAsync(timeout, _graph.Environment.Time);
        }
        catch (TimeoutException error)
        {
            throw new CheckpointFailedException(
                $"Checkpoint {_current}: not every subtask has reached the barrier within {timeout} (Checkpoints:Timeout). Look for the task that holds the others up (backpressure).", error);
        }
    }

    private void Close(bool isPublished)
    {
        lock (_gate)
        {
            _isOpen = false;
            if (isPublished)
            {
                _uncommitted.Clear();
                _acknowledged.ForEach(static snapshot => snapshot.End());
            }
            else
            {
                _acknowledged.ForEach(PutAside);
            }

            _acknowledged = [];
        }
    }

    // What was prepared is committed with the next checkpoint that is published.
    private void PutAside(SubtaskSnapshot snapshot)
    {
        snapshot.End();
        _uncommitted.AddRange(snapshot.Prepared);
    }

    /// <summary>Makes the output of a checkpoint visible, in every sink.</summary>
    public static async Task CommitAsync(Manifest manifest, IReadOnlyDictionary<string, ISinkCommitter> committers)
    {
        foreach (var sink in manifest.Sinks)
        {
            if (sink.Prepared.Count > 0 && committers.TryGetValue(sink.Id, out var committer))
            {
                await committer.CommitAsync(manifest.Id, sink.Prepared);
            }
        }
    }

    private void Trigger(CheckpointMode mode)
    {
        lock (_gate)
        {
            _current = _next++;
            _isOpen = true;
            _acknowledged = [];
            _complete = NewCompletion();
        }

        _isWhole = mode.IsSavepoint() || _chain.NextIsWhole;
        _graph.Trigger(new CheckpointBarrier(_current, mode, _isWhole));
    }

    private TaskCompletionSource<List<SubtaskSnapshot>> NewCompletion() => new(_graph.Environment.Background.Completion);

    private void Acknowledge(long checkpoint, SubtaskSnapshot snapshot)
    {
        lock (_gate)
        {
            if (checkpoint != _current || !_isOpen)
            {
                // Too late: the checkpoint has failed.
                PutAside(snapshot);
                return;
            }

            _acknowledged.Add(snapshot);
            if (_acknowledged.Count == _subtasks)
            {
                _complete.TrySetResult(_acknowledged);
            }
        }
    }

    private async Task<Manifest> WriteAsync(List<SubtaskSnapshot> snapshots, CheckpointMode mode)
    {
        var environment = _graph.Environment;
        var file = await WriteStateAsync(snapshots);
        var sinks = new Dictionary<string, List<byte[]>>();
        foreach (var prepared in _uncommitted.Concat(snapshots.SelectMany(snapshot => snapshot.Prepared)))
        {
            var bytes = await prepared.Done;
            if (!sinks.TryGetValue(prepared.Id, out var list))
            {
                sinks[prepared.Id] = list = [];
            }

            if (bytes.Length > 0)
            {
                list.Add(bytes);
            }
        }

        var manifest = new Manifest
        {
            Job = _store.Job,
            Pipeline = environment.Name,
            Id = _current,
            TakenAt = environment.Time.GetUtcNow(),
            PenstockVersion = PenstockTelemetry.Version,
            Terminal = mode == CheckpointMode.Terminal,
            Drained = mode == CheckpointMode.Drain,
            StartedFrom = _start.StartedFrom,
            Subtasks = _definition.Plan.Tasks.ToDictionary(static task => task.Id, task => _graph.Parallelism.Of(task.Id)),
            KeyGroups = environment.Options.KeyGroups,
            Secret = _graph.Secret.Value,
            Files = _chain.With(file),
            Sinks = [.. sinks.Select(sink => new SinkState(sink.Key, _graph.Committers[sink.Key].Place, sink.Value))],
            Counters = CountedSoFar(snapshots),
        };
        ThrowIfAbandoned();
        Stored(() => _store.Publish(manifest));
        return manifest;
    }

    private Task<StateFile> WriteStateAsync(List<SubtaskSnapshot> snapshots) => _graph.Environment.Background.RunLong(() =>
    {
        // Before, not after a success: on a full disk there is none while the files of failed checkpoints take the space.
        Collect(_store.CollectUnfinished);
        StateFile? file = null;
        Stored(() => file = _store.State.Write(_current, _isWhole, snapshots));
        return file!;
    });

    private void ThrowIfAbandoned()
    {
        if (_abandoned)
        {
            throw new OperationCanceledException($"Checkpoint {_current} was given up.");
        }
    }

    private void Stored(Action store)
    {
        try
        {
            store();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw new CheckpointFailedException($"Checkpoint {_current} cannot be written to '{_store.Location}': {error.Message}", error);
        }
    }

    private void Collect(Action collect)
    {
        try
        {
            collect();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            // The next one tries again.
            _graph.Environment.Log.NotCollected(_graph.Environment.Name, _store.Location, error.Message);
        }
    }

    private Dictionary<string, TaskCounters> CountedSoFar(List<SubtaskSnapshot> snapshots)
    {
        var counted = new Dictionary<string, TaskCounters>();
        foreach (var task in _definition.Plan.Tasks)
        {
            var sum = new SubtaskCounters();
            foreach (var snapshot in snapshots.Where(snapshot => snapshot.Task == task.Id))
            {
                sum.Add(snapshot.Counters);
            }

            counted[task.Id] = sum.After(_start.Counters.GetValueOrDefault(task.Id));
        }

        return counted;
    }
}

/// <summary>A checkpoint that is durable and whose output is visible.</summary>
internal sealed record CompletedCheckpoint(long Id, DateTimeOffset At, TimeSpan Duration, Manifest Manifest)
{
    /// <summary>The size of what it wrote.</summary>
    public long StateBytes => Manifest.Files[^1].Length;
}

/// <summary>A checkpoint was not written, or not in time. The pipeline can go on: nothing of it was committed, and nothing is lost.</summary>
internal sealed class CheckpointFailedException(string message, Exception cause) : Exception(message, cause);
