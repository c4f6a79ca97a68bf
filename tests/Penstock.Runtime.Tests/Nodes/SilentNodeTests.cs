using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Hosting;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Runtime.Tests.Network.Links;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>A node whose machine is gone without a word ends the attempt at both ends.</summary>
public sealed class SilentNodeTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_says_nothing_does_not_join()
    {
        var (near, _) = SilentLink.Create();
        var joining = RemoteNode.JoinAsync(PipelineDefinition.Of<NodePipeline>(), Environment(), new Connected(near), "job", 1, CancellationToken.None);
        _time.Advance(Peer.Patience);
        Assert.False(joining.IsCompleted);
        _time.Advance(Peer.Patience);
        var error = await Assert.ThrowsAsync<LinkException>(() => joining.WaitAsync(Stop));
        Assert.Equal("Pipeline 'NodePipeline': the connection to node 1 has failed in attempt 1: nothing has come for 00:00:10", error.Message);
        Assert.True(RestartPolicy.MayPass(error));
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
            _time.Advance(10 * Peer.Patience);
            Assert.False(manager.Over.IsCompleted);
        }

        _time.Advance(2 * Peer.Patience);
        await manager.Closed.WaitAsync(Stop);
    }

    private ExecutionEnvironment Environment() => new("NodePipeline", new PipelineOptions(), new ServiceCollection().BuildServiceProvider(), NullLogger.Instance) { Time = _time };

    private sealed class Connected(ILink link) : INodeConnector
    {
        public Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop) => Task.FromResult(link);
    }

    private sealed class Quiet : IPeerOwner
    {
        public void Receive(ReadOnlySpan<byte> message)
        {
            // The node says that it runs another program, and is there all the same.
        }

        public void Break(PipelineException error) => throw error;
    }
}
