using Penstock.Checkpoints;
using Penstock.Network.Links;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Threads;

namespace Penstock.Nodes;

/// <summary>
/// Runs the subtasks of a node for a remote coordinator in one attempt: executes the messages of the coordinator and reports the results.
/// The attempt ends when the link ends, for whatever reason.
/// </summary>
internal sealed class TaskManager : IJobControl, IPeerOwner
{
    private const string OnePlace =
        "All nodes of a job need the same place for checkpoints (Checkpoints:Path), and two jobs need an address of the coordinator each.";

    private readonly PipelineDefinition _definition;
    private readonly ExecutionEnvironment _environment;
    private readonly Peer _peer;
    private readonly TaskCompletionSource _attemptEnded;
    private readonly TaskCompletionSource _closed;
    private readonly ControlQueue _queue;
    private LocalNode? _node;
    private bool _isRefused;
    private int _isClosing;

    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">
    /// The environment of the attempt; its spool is the checkpoint storage, which it shares with the coordinator.
    /// </param>
    /// <param name="link">The link to the coordinator.</param>
    /// <param name="control">Runs the handlers of job control messages, or null to run them with the other work.</param>
    public TaskManager(PipelineDefinition definition, ExecutionEnvironment environment, ILink link, IBackground? control = null)
    {
        (_definition, _environment) = (definition, environment);
        (_attemptEnded, _closed) = (
            new TaskCompletionSource(environment.Background.Completion),
            new TaskCompletionSource(environment.Background.Completion));
        _queue = new ControlQueue(control ?? environment.Background);
        _peer = new Peer(environment.Name, link, attempt: null, environment.Time);
        _peer.Start(this);
    }

    /// <summary>Completes when the attempt is over.</summary>
    public Task AttemptEnded => _attemptEnded.Task;

    /// <summary>Completes when the attempt is over and none of its work is running.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Indicates whether the node belongs to the job of the coordinator, as far as this was checked.</summary>
    public bool IsOfJob { get; private set; }

    /// <summary>The subtasks of the node, or null before it has joined.</summary>
    public ExecutionGraph? Graph { get; private set; }

    // Called on the thread that reads the link. Handling a message may block, load for a long time, or call user code, while heartbeats and
    // rows come in.
    public void Receive(ReadOnlySpan<byte> message)
    {
        var read = ControlFormat.Read(message);
        _queue.Post(
            () => HandleAsync(read),
            isAwaited: read is ControlMessage.Join or ControlMessage.Load or ControlMessage.OpenSources or ControlMessage.Start);
    }

    public void Break(PipelineException error)
    {
        if (!_isRefused)
        {
            _environment.Log.NodeAttemptOver(_environment.Name, error.Message);
        }

        Close();
    }

    public void Acknowledge(CheckpointPart part) => _peer.Send(new ControlMessage.Acknowledge(part));

    public void Decline(int node, long checkpoint, Exception cause) =>
        _peer.Send(new ControlMessage.Decline(checkpoint, NodeFailure.Of(cause)));

    public void Fail(int node, Exception cause) => _peer.Send(new ControlMessage.Fail(NodeFailure.Of(cause)));

    public void End(int node) => _peer.Send(new ControlMessage.End());

    /// <summary>Starts to close: the attempt is over.</summary>
    public void Close()
    {
        _peer.Dispose();
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
        {
            _attemptEnded.TrySetResult();
            _ = CloseAsync();
        }
    }

    private async Task HandleAsync(ControlMessage message)
    {
        if (Volatile.Read(ref _isClosing) != 0)
        {
            return;
        }

        try
        {
            switch (message)
            {
                case ControlMessage.Join join when Graph == null:
                    await AnswerAsync(() => JoinAsync(join));
                    break;
                case ControlMessage.Load load when Graph is { } graph:
                    await AnswerAsync(() => LoadAsync(graph, load));
                    break;
                case ControlMessage.OpenSources open when Graph is { } graph:
                    graph.SetSplits(open.Splits);
                    await AnswerAsync(() => _environment.Background.Run(() => graph.OpenSources(open.IsFinished)));
                    break;
                case ControlMessage.Start start when Graph is { } graph:
                    await AnswerAsync(() => StartAsync(graph, start));
                    break;
                case ControlMessage.Trigger trigger when _node is { } node:
                    node.Trigger(trigger.Barrier);
                    break;
                case ControlMessage.Complete complete when _node is { } node:
                    node.Complete(complete.Checkpoint);
                    break;
                case ControlMessage.Abort abort when _node is { } node:
                    node.Abort(abort.Checkpoint);
                    break;
                default:
                    _peer.Break(new InvalidDataException($"a node expects no message {message.GetType().Name} now"));
                    break;
            }
        }
        catch (Exception error)
        {
            // A failure of the node, not of the link.
            Fail(Graph?.Placement.Node ?? 0, error);
        }
    }

    // The coordinator requests one step at a time, and waits for the answer.
    private async Task AnswerAsync(Func<Task> work)
    {
        Exception? failure = null;
        try
        {
            await work();
        }
        catch (Exception error)
        {
            failure = error;
        }

        // After this answer the coordinator may close the link.
        if (failure is JoinRefusedException)
        {
            _isRefused = true;
            _environment.Log.NodeRefused(_environment.Name, _peer.Name, failure.Message);
        }

        _peer.Send(new ControlMessage.Answer(failure == null ? null : NodeFailure.Of(failure)));
    }

    // An error in a node that belongs to another job, or that cannot determine its job, must not fail the job, whatever the error is.
    private void CheckIsOfJob(ControlMessage.Join join)
    {
        if (join.Protocol != ControlMessage.Version || join.Program != JobProgram.Of(_definition, _environment.Options))
        {
            throw new JoinRefusedException(
                ErrorCodes.OtherProgram,
                $"Pipeline '{_environment.Name}': node {join.Node} runs another program than the coordinator, or has other options. Run "
                    + $"the same build with the same configuration on all nodes.");
        }

        if (JobHere(join.Node) is var job && job != join.Job)
        {
            throw new JoinRefusedException(
                ErrorCodes.OtherCheckpoints,
                $"Pipeline '{_environment.Name}': the coordinator runs job {join.Job}, and the checkpoints of node "
                    + $"{join.Node}, in '{_environment.Spool.Location}', are those of {(job == null ? "no job" : $"job {job}")}. {OnePlace}");
        }

        IsOfJob = true;
    }

    private string? JobHere(int node)
    {
        try
        {
            return CheckpointStore.JobAt(_environment.Spool);
        }
        catch (Exception error)
        {
            throw new JoinRefusedException(
                ErrorCodes.OtherCheckpoints,
                $"Pipeline '{_environment.Name}': node {node} cannot read whose checkpoints are in "
                    + $"'{_environment.Spool.Location}': {error.Message} {OnePlace}",
                error);
        }
    }

    private async Task JoinAsync(ControlMessage.Join join)
    {
        CheckIsOfJob(join);
        Graph = await _environment.Background.Run(() => new ExecutionGraph(
            _definition,
            _environment with { IsRestart = join.IsRestart, Writer = join.Writer },
            new NodeMembership(new Placement(join.Node, join.Nodes), _peer)));
        _node = new LocalNode(join.Node, Graph, new StateFiles(_environment.Spool), this);
    }

    private async Task LoadAsync(ExecutionGraph graph, ControlMessage.Load load)
    {
        var state = new NodeState(graph);
        state.Forget();
        graph.Secret.Restore(load.Secret);
        if (load.Manifest is not { } manifest)
        {
            return;
        }

        using var savepoint = load.Savepoint == null ? null : SavepointPlace.Of(_environment, load.Savepoint);
        await state.LoadAsync(
            new StateMatcher(_definition.Plan, state.Parts, manifest),
            manifest,
            savepoint?.State ?? new StateFiles(_environment.Spool));
    }

    private static Task StartAsync(ExecutionGraph graph, ControlMessage.Start start)
    {
        graph.Open(start.NextCheckpoint, start.Reached);
        graph.Start();
        return Task.CompletedTask;
    }

    private async Task CloseAsync()
    {
        await _queue.Awaited;
        if (Graph is { } graph)
        {
            // A message handler may be waiting for a call that is interrupted here.
            var writing = _node?.CloseAsync() ?? Task.CompletedTask;
            var stopping = _environment.Background.RunAsync(graph.StopAsync);
            await Task
                .WhenAll(writing, stopping, _queue.All)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await _environment.Background
                .Run(graph.Dispose)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        _closed.TrySetResult();
    }
}
