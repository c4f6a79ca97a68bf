using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Runtime.Tests.Network.Links;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>A node whose machine disappears silently ends the attempt at both ends.</summary>
public sealed class SilentNodeTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_says_nothing_is_given_up_for_the_next_one()
    {
        using var logs = new CollectedLogs();
        var (silent, _) = SilentLink.Create();
        var (near, far) = MemoryLink.Create(("node 1", "the coordinator"));
        using var node = new Peer("NodePipeline", far, null, _time);
        node.Start(new Joining(node));
        var joining = RemoteNode.JoinAsync(
            PipelineDefinition.Of<NodePipeline>(),
            Environment() with { Log = logs },
            new Connected(silent, near),
            "job",
            1,
            CancellationToken.None);
        _time.Advance(Peer.Timeout);
        Assert.False(joining.IsCompleted);
        Assert.Empty(logs.Entries);
        _time.Advance(Peer.Timeout);
        using var joined = await joining.WaitAsync(Stop);
        Assert.True(silent.IsDisposed);
        Assert.Equal(
            "Pipeline NodePipeline: node 1 does not join. Its connection is closed, and the pipeline waits for another one. "
            + "PSR801: Pipeline 'NodePipeline': the connection to node 1 has failed in attempt 1: nothing has come for 00:00:10",
            Assert.Single(logs.Entries).Text);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_node_that_is_connected_and_does_not_answer()
    {
        using var stop = new CancellationTokenSource();
        var (silent, _) = SilentLink.Create();
        var joining = RemoteNode.JoinAsync(
            PipelineDefinition.Of<NodePipeline>(), Environment(), new Connected(silent), "job", 1, stop.Token);
        Assert.False(joining.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining.WaitAsync(Stop));
        Assert.True(silent.IsDisposed);
    }

    [Fact]
    public async Task The_attempt_of_a_node_is_over_when_the_coordinator_says_nothing()
    {
        var (near, far) = SilentLink.Create();
        var manager = new TaskManager(PipelineDefinition.Of<NodePipeline>(), Environment(), far);
        using (var coordinator = new Peer("NodePipeline", near, 1, _time))
        {
            coordinator.Start(new Quiet());
            coordinator.Send(new ControlMessage.Join(ControlMessage.Version, "another program", "job", 1, 2, 1, false));
            _time.Advance(10 * Peer.Timeout);
            Assert.False(manager.AttemptEnded.IsCompleted);
        }

        _time.Advance(2 * Peer.Timeout);
        await manager.Closed.WaitAsync(Stop);
    }

    private ExecutionEnvironment Environment() =>
        TestEnvironment.Create("NodePipeline") with { Time = _time };

    private sealed class Connected(params IEnumerable<ILink> links) : INodeConnector
    {
        private readonly Queue<ILink> _links = new(links);

        public Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop) =>
            Task.FromResult(_links.Dequeue());
    }

    private sealed class Joining(Peer node) : IPeerOwner
    {
        public void Receive(ReadOnlySpan<byte> message) => node.Send(new ControlMessage.Answer(null));

        public void Break(PipelineException error)
        {
            // The test is over.
        }
    }

    private sealed class Quiet : IPeerOwner
    {
        public void Receive(ReadOnlySpan<byte> message)
        {
            // The node reports that it runs another program, but it is alive.
        }

        public void Break(PipelineException error) => throw error;
    }
}
