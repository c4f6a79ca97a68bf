using Penstock.Network;
using Penstock.Sinks;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Checkpoints;

/// <summary>
/// Takes the checkpoints of one attempt, one at a time: triggers them on all nodes, collects the descriptions of the written files,
/// publishes and commits. It communicates with nodes only by messages. The algorithm is that of Chandy and Lamport ("Distributed
/// snapshots", 1985), with alignment at each subtask.
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
    private Task _cleaning = Task.CompletedTask;
    private Task _committing = Task.CompletedTask;
    private volatile bool _abandoned;
    private long _next;

    /// <summary>Creates the coordinator.</summary>
    /// <param name="environment">The environment of the attempt.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="store">The store of the checkpoints.</param>
    /// <param name="sinks">The committers of the output.</param>
    /// <param name="start">The restored start of the attempt.</param>
    /// <param name="nodes">The nodes of the job.</param>
    /// <param name="fail">Called when output cannot be committed, which ends the attempt.</param>
    public CheckpointCoordinator(
        ExecutionEnvironment environment,
        PipelinePlan plan,
        CheckpointStore store,
        SinkCommitters sinks,
        RestoredStart start,
        IReadOnlyList<INodeControl> nodes,
        Action<Exception> fail)
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

    /// <summary>
    /// Takes a checkpoint. The next one may be taken while the output of this one is being committed, if the sinks allow it.
    /// </summary>
    /// <param name="mode">The purpose of the checkpoint.</param>
    /// <returns>
    /// A task that completes when the checkpoint is durable and another one may start, with an inner task that completes when its output is
    /// visible.
    /// </returns>
    /// <exception cref="CheckpointFailedException">
    /// The checkpoint was not written, or not in time. Nothing is lost: the next one includes its output.
    /// </exception>
    public Task<Task<CompletedCheckpoint>> TakeAsync(CheckpointMode mode)
    {
        var over = new TaskCompletionSource(_environment.Background.Completion);
        lock (_gate)
        {
            ThrowIfAbandoned();
            _publishing = over.Task;
        }

        return TakeInTurnAsync(mode, over);
    }

    /// <summary>
    /// Abandons a checkpoint in progress, unless it is being published, and a commit that waits for an external system. No other checkpoint
    /// is started.
    /// </summary>
    /// <returns>A task that completes when nothing of them is running, so that another attempt may use the storage.</returns>
    public async Task AbandonAsync()
    {
        lock (_gate)
        {
            _abandoned = true;
            _pending?.Cancel();
        }

        // Cancellation callbacks may block.
        var cancelling = _environment.Background.Run(_stop.Cancel);
        await Task
            .WhenAll(cancelling, _publishing)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task
            .WhenAll(_cleaning, _committing)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    /// <summary>Adds the part of a node. After another node has declined, it only reports that this node has stopped writing.</summary>
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

    /// <summary>Records that a node has declined its part and has stopped writing.</summary>
    public void Decline(int node, long checkpoint, Exception cause)
    {
        lock (_gate)
        {
            if (_pending?.Id == checkpoint)
            {
                _pending.Fail(node, cause);
            }
        }
    }

    private async Task<Task<CompletedCheckpoint>> TakeInTurnAsync(CheckpointMode mode, TaskCompletionSource over)
    {
        try
        {
            // A table that is being written cannot be frozen again.
            await _cleaning;
            return await TakeCoreAsync(mode);
        }
        finally
        {
            over.SetResult();
        }
    }

    private async Task<Task<CompletedCheckpoint>> TakeCoreAsync(CheckpointMode mode)
    {
        var started = _environment.Time.GetTimestamp();
        using var activity = PenstockTelemetry.Activities.StartActivity("checkpoint");
        var pending = Begin(mode);
        activity?.SetTag("penstock.pipeline", _environment.Name).SetTag("penstock.checkpoint", pending.Id);
        NotifyNodes(node => node.Trigger(pending.Barrier));
        var (manifest, bytes) = await CollectAndPublishAsync(pending);
        NotifyNodes(node => node.Complete(pending.Id));

        // The next start commits published checkpoints.
        ThrowIfAbandoned();
        var committing = FinishAsync(await _sinks.BeginCommitAsync(manifest, _stop.Token), manifest, bytes, started);
        _committing = committing;
        return committing;
    }

    private async Task<CompletedCheckpoint> FinishAsync(Task committing, Manifest manifest, long bytes, long started)
    {
        try
        {
            await committing;
            _cleaner.DeleteOld(manifest.Id);
            return new CompletedCheckpoint(
                manifest.Id,
                _environment.Time.GetUtcNow(),
                _environment.Time.GetElapsedTime(started),
                bytes,
                manifest);
        }
        catch (Exception error) when (!_abandoned)
        {
            _fail(error);
            throw;
        }
    }

    private PendingCheckpoint Begin(CheckpointMode mode)
    {
        lock (_gate)
        {
            ThrowIfAbandoned();
            var barrier = new CheckpointBarrier(_next++, mode, mode.IsSavepoint() || _chain.NextIsWhole);
            return _pending = new PendingCheckpoint(barrier, _nodes.Select(static node => node.Number), _environment.Background.Completion);
        }
    }

    private async Task<(Manifest Manifest, long Bytes)> CollectAndPublishAsync(PendingCheckpoint pending)
    {
        try
        {
            var parts = await pending.Parts;

            // A start commits only the prepared output of the newest checkpoint.
            await _committing;
            var manifest = ManifestOf(pending, parts);
            ThrowIfAbandoned();
            Publish(manifest);
            _chain.Completed(pending.IsWhole, parts);
            return (manifest, parts.Sum(static part => part.File.Length));
        }
        catch (Exception error)
        {
            _chain.Failed();
            NotifyNodes(node => node.Abort(pending.Id));
            _cleaning = CleanAsync(pending, deletes: error is CheckpointFailedException);
            throw;
        }
    }

    // A failure is reported immediately, even if a disk does not answer.
    private async Task CleanAsync(PendingCheckpoint pending, bool deletes)
    {
        await pending.Answered
            .WaitAsync(_stop.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (deletes && !_abandoned)
        {
            // Not only after a success: on a full disk there is none while the files of failed checkpoints occupy the space.
            await _environment.Background.Run(_cleaner.DeleteUnfinished);
        }
    }

    private void NotifyNodes(Action<INodeControl> tell)
    {
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
            Job = _store.OpenJob(),
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
        task => parts.Select(part => part.Counters.GetValueOrDefault(task.Id)).Append(
            _start.Counters.GetValueOrDefault(task.Id)).OfType<TaskCounters>()
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

/// <summary>
/// A durable checkpoint whose output is visible; <paramref name="StateBytes"/> is the number of state bytes that it wrote.
/// </summary>
internal sealed record CompletedCheckpoint(long Id, DateTimeOffset At, TimeSpan Duration, long StateBytes, Manifest Manifest);
