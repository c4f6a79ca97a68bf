using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Nodes;

/// <summary>Another node of a job, as seen by the coordinator in one attempt: through its messages.</summary>
internal sealed class RemoteNode : INodeControl, INodeStart, IPeerOwner, IDisposable
{
    // The other node may be queued behind one that does not belong to the job, and must not wait for long.
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private readonly TaskCreationOptions _completion;
    private readonly Peer _peer;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _request;
    private IJobControl? _job;
    private Exception? _failure;
    private bool _hasJoined;

    private RemoteNode(ExecutionEnvironment environment, ILink link, int attempt)
    {
        _completion = environment.Background.Completion;
        _peer = new Peer(environment.Name, link, attempt, environment.Time);
        _peer.Start(this);
    }

    public int Number => 1;

    /// <summary>The membership of the first node beside it.</summary>
    public NodeMembership Membership => new(new Placement(0, Number + 1), _peer);

    /// <summary>The counters of its subtasks in this attempt as of the last checkpoint, by task.</summary>
    public IReadOnlyDictionary<string, TaskCounters> Counters { get; private set; } = new Dictionary<string, TaskCounters>();

    /// <summary>
    /// Lets the other node join an attempt. A connection that is not from a node of the job is closed, and after a pause the next one is
    /// awaited: so a foreign connection can neither fail the job nor fill its log.
    /// </summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">The environment of the attempt.</param>
    /// <param name="connector">Connects to the node.</param>
    /// <param name="job">The id of the job.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="stop">Cancels the wait for the node.</param>
    /// <returns>The node, which has created its subtasks.</returns>
    public static async Task<RemoteNode> JoinAsync(
        PipelineDefinition definition,
        ExecutionEnvironment environment,
        INodeConnector connector,
        string job,
        int attempt,
        CancellationToken stop)
    {
        var program = JobProgram.Of(definition, environment.Options);
        var pause = new RetryBackoff(environment.Time, MaxPause);
        while (true)
        {
            var begun = environment.Time.GetTimestamp();
            var node = new RemoteNode(environment, await connector.ConnectAsync(definition, environment, stop), attempt);
            try
            {
                // A node of an earlier attempt that may still be alive writes no file of the same name.
                var writer = environment.Random.Next(1, int.MaxValue);
                await node.RequestAsync(new ControlMessage.Join(
                    ControlMessage.Version,
                    program,
                    job,
                    node.Number,
                    node.Membership.Placement.Nodes,
                    writer,
                    environment.IsRestart)).WaitAsync(stop);
                return node;
            }
            catch (Exception error)
            {
                node.Dispose();
                if (error is not (JoinRefusedException or LinkException))
                {
                    throw;
                }

                environment.Log.NodeDoesNotJoin(environment.Name, node._peer.Name, error.Message);
                await pause.WaitAsync(begun, stop);
            }
        }
    }

    /// <summary>Sets the receiver of further messages of the node.</summary>
    public void Attach(IJobControl job)
    {
        Exception? failure;
        lock (_gate)
        {
            (_job, failure) = (job, _failure);
        }

        if (failure != null)
        {
            job.Fail(Number, failure);
        }
    }

    public Task LoadAsync(Manifest? manifest, string? savepoint, ulong secret) =>
        RequestAsync(new ControlMessage.Load(manifest, savepoint, secret));

    public Task OpenSourcesAsync(IReadOnlyDictionary<string, IReadOnlyList<SourceSplit>> splits, bool isFinished) =>
        RequestAsync(new ControlMessage.OpenSources(new(splits), isFinished));

    public Task StartAsync(long nextCheckpoint, IReadOnlyDictionary<string, long> reached) =>
        RequestAsync(new ControlMessage.Start(nextCheckpoint, new(reached)));

    public void Trigger(CheckpointBarrier barrier) => _peer.Send(new ControlMessage.Trigger(barrier));

    public void Complete(long checkpoint) => _peer.Send(new ControlMessage.Complete(checkpoint));

    public void Abort(long checkpoint) => _peer.Send(new ControlMessage.Abort(checkpoint));

    // Called on the thread that reads the link. Continuations of a message run elsewhere, so no other code is called here.
    public void Receive(ReadOnlySpan<byte> message)
    {
        var read = ControlFormat.Read(message);
        switch (read)
        {
            case ControlMessage.Answer answer when TakeRequest() is { } asked:
                if (answer.Failure == null)
                {
                    _hasJoined = true;
                    asked.TrySetResult();
                }
                else
                {
                    asked.TrySetException(answer.Failure.ToException());
                }

                break;
            case var _ when !_hasJoined:
                throw Unexpected(read);
            case ControlMessage.Acknowledge { Part: var part } when part.Node == Number:
                Counters = part.Counters;
                _job?.Acknowledge(part);
                break;
            case ControlMessage.Decline decline:
                _job?.Decline(Number, decline.Checkpoint, decline.Cause.ToException());
                break;
            case ControlMessage.Fail fail:
                Fail(fail.Cause.ToException());
                break;
            case ControlMessage.End:
                _job?.End(Number);
                break;
            default:
                throw Unexpected(read);
        }
    }

    public void Break(PipelineException error) => Fail(error);

    public void Dispose() => _peer.Dispose();

    private static InvalidDataException Unexpected(ControlMessage message) =>
        new($"a coordinator expects no message {message.GetType().Name} now");

    private Task RequestAsync(ControlMessage message)
    {
        var asked = new TaskCompletionSource(_completion);
        lock (_gate)
        {
            if (_failure != null)
            {
                return Task.FromException(_failure);
            }

            _request = asked;
        }

        _peer.Send(message);
        return asked.Task;
    }

    private TaskCompletionSource? TakeRequest()
    {
        lock (_gate)
        {
            (var asked, _request) = (_request, null);
            return asked;
        }
    }

    private void Fail(Exception error)
    {
        IJobControl? job;
        lock (_gate)
        {
            _failure ??= error;
            job = _job;
        }

        TakeRequest()?.TrySetException(error);
        job?.Fail(Number, error);
    }
}
