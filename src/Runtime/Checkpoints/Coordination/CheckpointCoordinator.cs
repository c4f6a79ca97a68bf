using Penstock.Network;
using Penstock.Sinks;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Checkpoints;

/// <summary>
/// Takes the checkpoints of one attempt, one at a time: triggers them on all nodes, collects the descriptions of what these have written, publishes and commits. It knows
/// nodes by their messages alone. The algorithm is that of Chandy and Lamport ("Distributed snapshots", 1985), with alignment at each subtask.
/// </summary>
internal sealed class CheckpointCoordinator
{
    private readonly ExecutionEnvironment _environment;
    private readonly PipelinePlan _plan;
    private readonly CheckpointStore _store;
    private readonly SinkCommitters _sinks;
    private readonly RestoredStart _start;
    private readonly IReadOnlyList<INodeControl> _nodes;
    private readonly CheckpointCleaner _cleaner;
    private readonly StateChain _chain = new();
    private readonly Lock _gate = new();
    private PendingCheckpoint? _pending;
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<Exception> _fail;
    private Task _publishing = Task.CompletedTask;
    private Task _committing = Task.CompletedTask;
    private volatile bool _abandoned;
    private long _next;

    /// <summary>Prepares the checkpoints.</summary>
    /// <param name="environment">What the coordinator touches.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="store">Where the checkpoints go.</param>
    /// <param name="sinks">Commits their output.</param>
    /// <param name="start">What the attempt goes on from.</param>
    /// <param name="nodes">The nodes that take part.</param>
    /// <param name="fail">Called when output cannot be committed: the attempt is over.</param>
    public CheckpointCoordinator(
        ExecutionEnvironment environment, PipelinePlan plan, CheckpointStore store, SinkCommitters sinks, RestoredStart start, IReadOnlyList<INodeControl> nodes, Action<Exception> fail)
    {
        _environment = environment;
        _plan = plan;
        _store = store;
        _sinks = sinks;
        _start = start;
        _nodes = nodes;
        _fail = fail;
        _cleaner = new CheckpointCleaner(store, environment);
        _next = start.NextCheckpoint;
    }

    /// <summary>Takes a checkpoint. The next one may be taken while the output before this one is committed, where the sinks allow it.</summary>
    /// <param name="mode">What it is for.</param>
    /// <returns>Completes when the checkpoint is durable and another one may begin, with a task that completes when its output is visible.</returns>
    /// <exception cref="CheckpointFailedException">It was not written or not in time. Nothing is lost: the next one includes its output.</exception>
    public Task<Task<CompletedCheckpoint>> PublishAsync(CheckpointMode mode)
    {
        lock (_gate)
        {
            ThrowIfAbandoned();
            var publishing = PublishCoreAsync(mode);
            _publishing = publishing;
            return publishing;
        }
    }

    /// <summary>
    /// Gives up a checkpoint that is under way, unless it is being published, and a commit that waits for something outside. No other checkpoint begins.
    /// </summary>
    /// <returns>Completes when nothing of them is under way: then another attempt may use the place.</returns>
    public async Task AbandonAsync()
    {
        lock (_gate)
        {
            _abandoned = true;
            _pending?.Cancel();
        }

        // What is called back may block.
        var cancelling = _environment.Background.Run(_stop.Cancel);
        await Task.WhenAll(cancelling, _publishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _committing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Takes the part of a node. One that comes too late is that of a checkpoint that has failed.</summary>
    public void Acknowledge(CheckpointPart part)
    {
        lock (_gate)
        {
            if (_pending?.Id == part.Checkpoint)
            {
                _pending.Add(part);
            }
        }
    }

    /// <summary>Notes that a node has not written its part.</summary>
    public void Decline(long checkpoint, Exception cause)
    {
        lock (_gate)
        {
            if (_pending?.Id == checkpoint)
            {
                _pending.Fail(cause);
            }
        }
    }

    private async Task<Task<CompletedCheckpoint>> PublishCoreAsync(CheckpointMode mode)
    {
        var started = _environment.Time.GetTimestamp();
        using var activity = PenstockTelemetry.Activities.StartActivity("checkpoint");
        var pending = Trigger(mode);
        activity?.SetTag("penstock.pipeline", _environment.Name).SetTag("penstock.checkpoint", pending.Id);

        var (manifest, bytes) = await CompleteAsync(pending);

        // The next start commits what is published.
        ThrowIfAbandoned();
        var committing = FinishAsync(await _sinks.CommitFirstAsync(manifest, _stop.Token), manifest, bytes, started);
        _committing = committing;
        return committing;
    }

    private async Task<CompletedCheckpoint> FinishAsync(Task committing, Manifest manifest, long bytes, long started)
    {
        try
        {
            await committing;
            _cleaner.DeleteOld(manifest.Id);
            return new CompletedCheckpoint(manifest.Id, _environment.Time.GetUtcNow(), _environment.Time.GetElapsedTime(started), bytes, manifest);
        }
        catch (Exception error) when (!_abandoned)
        {
            _fail(error);
            throw;
        }
    }

    private PendingCheckpoint Trigger(CheckpointMode mode)
    {
        var barrier = new CheckpointBarrier(_next++, mode, mode.IsSavepoint() || _chain.NextIsWhole);
        _pending = new PendingCheckpoint(barrier, _nodes.Select(static node => node.Number), _environment.Background.Completion);
        foreach (var node in _nodes)
        {
            node.Trigger(barrier);
        }

        return _pending;
    }

    private async Task<(Manifest Manifest, long Bytes)> CompleteAsync(PendingCheckpoint pending)
    {
        try
        {
            var parts = await pending.Parts;

            // A start commits what the newest checkpoint has prepared, and nothing older.
            await _committing;
            var manifest = ManifestOf(pending, parts);
            ThrowIfAbandoned();
            Publish(manifest);
            _chain.Completed(pending.IsWhole, parts);
            Close(node => node.Complete(pending.Id));
            return (manifest, parts.Sum(static part => part.File.Length));
        }
        catch (Exception error)
        {
            _chain.Failed();
            Close(node => node.Abort(pending.Id));
            if (error is CheckpointFailedException && !_abandoned)
            {
                // Now, not after a success: on a full disk there is none while the files of failed checkpoints take the space.
                await _environment.Background.Run(_cleaner.DeleteUnfinished);
            }

            throw;
        }
    }

    private void Close(Action<INodeControl> tell)
    {
        lock (_gate)
        {
            _pending = null;
        }

        foreach (var node in _nodes)
        {
            tell(node);
        }
    }

    private Manifest ManifestOf(PendingCheckpoint pending, List<CheckpointPart> parts)
    {
        var (files, state) = _chain.With(pending.IsWhole, parts);
        return new Manifest
        {
            Job = _store.Job,
            Pipeline = _environment.Name,
            Id = pending.Id,
            TakenAt = _environment.Time.GetUtcNow(),
            PenstockVersion = PenstockTelemetry.Version,
            Terminal = pending.Mode == CheckpointMode.Terminal,
            Drained = pending.Mode == CheckpointMode.Drain,
            StartedFrom = _start.StartedFrom,
            Subtasks = Subtasks(),
            KeyGroups = _environment.Options.KeyGroups,
            Secret = _start.Secret,
            Files = files,
            State = state,
            Sinks = SinksOf(parts),
            Counters = CountersOf(parts),
        };
    }

    private Dictionary<string, int> Subtasks()
    {
        var parallelism = new TaskParallelism(_plan, _environment.Options);
        return _plan.Tasks.ToDictionary(static task => task.Id, task => parallelism.Of(task.Id));
    }

    private List<SinkState> SinksOf(List<CheckpointPart> parts) =>
        [.. parts.SelectMany(static part => part.Prepared).GroupBy(static sink => sink.Key, static sink => sink.Value)
            .Select(sink => new SinkState(sink.Key, _sinks.PlaceOf(sink.Key), [.. sink.SelectMany(static prepared => prepared)]))];

    private Dictionary<string, TaskCounters> CountersOf(List<CheckpointPart> parts) => _plan.Tasks.ToDictionary(
        static task => task.Id,
        task => parts.Select(part => part.Counters.GetValueOrDefault(task.Id)).Append(_start.Counters.GetValueOrDefault(task.Id)).OfType<TaskCounters>()
            .Aggregate(TaskCounters.None, static (sum, counters) => sum + counters));

    private void Publish(Manifest manifest) => CheckpointFailedException.Explained(manifest.Id, _store.Location, () =>
    {
        _store.Publish(manifest);
        return manifest;
    });

    private void ThrowIfAbandoned()
    {
        if (_abandoned)
        {
            throw new OperationCanceledException("The checkpoint was given up.");
        }
    }
}

/// <summary>A checkpoint that is durable and whose output is visible; <paramref name="StateBytes"/> is the size of what it wrote.</summary>
internal sealed record CompletedCheckpoint(long Id, DateTimeOffset At, TimeSpan Duration, long StateBytes, Manifest Manifest);
