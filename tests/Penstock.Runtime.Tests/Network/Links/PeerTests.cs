using Penstock.Network.Links;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Network.Links;

/// <summary>When a node considers the other one dead, and that it reports this once.</summary>
public sealed class PeerTests
{
    [Fact]
    public void A_connection_of_which_nothing_is_heard_is_over_and_one_with_heartbeats_is_not()
    {
        var time = new ManualTimeProvider();
        var (here, there) = SilentLink.Create();
        var (hears, heard) = (new Owner(), new Owner());
        using var near = new Peer("test", here, 1, time);
        using var far = new Peer("test", there, 1, time);
        near.Start(hears);
        far.Start(heard);
        time.Advance(20 * Peer.Timeout);
        Assert.Empty(hears.Breaks);
        Assert.Empty(heard.Breaks);

        here.IsCut = true;
        time.Advance(Peer.Timeout);
        Assert.Empty(hears.Breaks);
        time.Advance(Peer.Timeout / 2);
        Assert.Equal(
            "PSR801: Pipeline 'test': the connection to node 1 has failed in attempt 1: nothing has come for 00:00:10",
            Assert.Single(hears.Breaks));
        Assert.Equal(
            "PSR801: Pipeline 'test': the connection to the coordinator has failed in attempt 1: nothing has come for 00:00:10",
            Assert.Single(heard.Breaks));
        Assert.True(here.IsDisposed);
        Assert.True(there.IsDisposed);

        // No timer remains.
        time.Advance(20 * Peer.Timeout);
        Assert.Single(hears.Breaks);
        Assert.Null(time.NextDue);
    }

    [Fact]
    public async Task A_failure_on_two_threads_at_once_is_reported_once()
    {
        using var together = new Barrier(2);
        for (var round = 0; round < 20_000; round++)
        {
            var owner = new Owner();
            var (here, _) = SilentLink.Create();
            using var peer = new Peer("test", here, 1, TimeProvider.System);
            peer.Start(owner);
            var missed = Task.Run(Break);
            Break();
            await missed;
            Assert.Single(owner.Breaks);

            void Break()
            {
                together.SignalAndWait();
                peer.Break(new IOException("gone"));
            }
        }
    }

    private sealed class Owner : IPeerOwner
    {
        public System.Collections.Concurrent.ConcurrentBag<string> Breaks { get; } = [];

        public void Receive(ReadOnlySpan<byte> message)
        {
            // No message is sent.
        }

        public void Break(PipelineException error) => Breaks.Add(error.Message);
    }
}
