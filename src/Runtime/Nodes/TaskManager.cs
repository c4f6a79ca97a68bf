using Penstock.Checkpoints;
using Penstock.Network.Links;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Nodes;

/// <summary>
/// Runs the subtasks of a node for a coordinator elsewhere, in one attempt: does what the messages of the coordinator say, and tells it what becomes of it. When the link is over, so is the
/// attempt, whatever the reason.
/// </summary>
internal sealed class TaskManager : IJobControl, IPeerOwner
{
    private readonly PipelineDefinition _definition;
    private readonly ExecutionEnvironment _environment;
    private readonly Peer _peer;
    private readonly TaskCompletionSource _over;
    private readonly TaskCompletionSource _closed;
    private LocalNode? _node;
    private Task _asked = Task.CompletedTask;
    private int _isClosing;

    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">What it touches; its spool is the place for checkpoints, which it shares with the coordinator.</param>
    /// <param name="link">The link to the coordinator.</param>
    public TaskManager(PipelineDefinition definition, ExecutionEnvironment environment, ILink link)
    {
        (_definition, _environment) = (definition, environment);
        (_over, _closed) = (new TaskCompletionSource(environment.Background.Completion), new TaskCompletionSource(environment.Background.Completion));
        _peer = new Peer(environment.Name, link, attempt: null, environment.Time);
        _peer.Start(this);
    }

    /// <summary>Completes when the attempt is over.</summary>
    public Task Over => _over.Task;

    /// <summary>Completes when the attempt is over, and nothing of it is at work.</summary>
    public Task Closed => _closed.Task;

    /// <summary>The subtasks of the node; null as long as it has not joined.</summary>
    public PipelineGraph? Graph { get; private set; }

    public void Receive(ReadOnlySpan<byte> message)
    {
        switch (ControlFormat.Read(message))
        {
            case ControlMessage.Join join when Graph == null:
                Do(() => JoinAsync(join));
                break;
            case ControlMessage.Load load when Graph is { } graph:
                Do(() => LoadAsync(graph, load));
                break;
            case ControlMessage.OpenSources open when Graph is { } graph:
                graph.Know(open.Splits);
                Do(() => _environment.Background.Run(() => graph.OpenSources(open.IsFinished)));
                break;
            case ControlMessage.Start start when Graph is { } graph:
                Start(graph, start);
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
            case var other:
                throw new InvalidDataException($"a node expects no message {other.GetType().Name} now");
        }
    }

    public void Break(PipelineException error)
    {
        _environment.Log.NodeAttemptOver(_environment.Name, error.Message);
        Close();
    }

    public void Acknowledge(CheckpointPart part) => _peer.Send(new ControlMessage.Acknowledge(part));

    public void Decline(int node, long checkpoint, Exception cause) => _peer.Send(new ControlMessage.Decline(checkpoint, NodeFailure.Of(cause)));

    public void Fail(int node, Exception cause) => _peer.Send(new ControlMessage.Fail(NodeFailure.Of(cause)));

    public void End(int node) => _peer.Send(new ControlMessage.End());

    /// <summary>Begins to close: the attempt is over.</summary>
    public void Close()
    {
        _peer.Dispose();
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
        {
            _over.TrySetResult();
            _ = CloseAsync();
        }
    }

    // The coordinator asks for one thing at a time, and waits for the answer.
    private void Do(Func<Task> work)
    {
        _asked = AnswerAsync();

        async Task AnswerAsync()
        {
            NodeFailure? failure = null;
            try
            {
                await work();
            }
            catch (Exception error)
            {
                failure = NodeFailure.Of(error);
            }

            _peer.Send(new ControlMessage.Answer(failure));
        }
    }

    private async Task JoinAsync(ControlMessage.Join join)
    {
        if (join.Protocol != ControlMessage.Version || join.Program != JobProgram.Of(_definition, _environment.Options))
        {
            throw new PipelineException(
                $"Pipeline '{_environment.Name}': node {join.Node} runs another program than the coordinator, or has other options. Run the same build with the same configuration on all nodes.");
        }

        var place = _environment.Spool;
        if (CheckpointStore.JobAt(place) is var job && job != join.Job)
        {
            throw new PipelineException(
                $"Pipeline '{_environment.Name}': the coordinator runs job {join.Job}, and the checkpoints of node {join.Node}, in '{place.Location}', are those of {(job == null ? "no job" : $"job {job}")}. "
                + "All nodes of a job need the same place for checkpoints (Checkpoints:Path), and two jobs need an address of the coordinator each.");
        }

        Graph = await _environment.Background.Run(() => new PipelineGraph(
            _definition, _environment with { IsRestart = join.IsRestart, Writer = join.Writer }, new NodeSeat(new Placement(join.Node, join.Nodes), _peer)));
        _node = new LocalNode(join.Node, Graph, new StateFiles(_environment.Spool), this);
    }

    private async Task LoadAsync(PipelineGraph graph, ControlMessage.Load load)
    {
        var state = new NodeState(graph);
        state.Forget();
        graph.Secret.GoOnWith(load.Secret);
        if (load.Manifest is not { } manifest)
        {
            return;
        }

        using var savepoint = load.Savepoint == null ? null : SavepointPlace.Of(_environment, load.Savepoint);
        await state.LoadAsync(new StateMatcher(_definition.Plan, state.Parts, manifest), manifest, savepoint?.State ?? new StateFiles(_environment.Spool));
    }

    private void Start(PipelineGraph graph, ControlMessage.Start start)
    {
        try
        {
            graph.Open(start.NextCheckpoint, start.Reached);
            graph.Start();
        }
        catch (Exception error)
        {
            Fail(graph.Placement.Node, error);
        }
    }

    private async Task CloseAsync()
    {
        await _asked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (Graph is { } graph)
        {
            var writing = _node?.CloseAsync() ?? Task.CompletedTask;
            var stopping = _environment.Background.RunAsync(graph.StopAsync);
            await Task.WhenAll(writing, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await _environment.Background.Run(graph.Dispose).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        _closed.TrySetResult();
    }
}
