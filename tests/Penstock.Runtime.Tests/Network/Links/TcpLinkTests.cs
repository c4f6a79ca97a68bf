using System.Net;
using System.Net.Sockets;
using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.Network.Links;

namespace Penstock.Runtime.Tests.Network.Links;

/// <summary>The same channels over TCP connections on loopback.</summary>
public sealed class TcpLinkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_come_in_their_order_over_many_channels()
    {
        var (near, far) = Connect();
        using var harness = new LinkHarness(near, far, channels: 3);
        var expected = new List<string>[] { [], [], [] };
        for (var batch = 0; batch < 5_000; batch++)
        {
            expected[batch % 3].Add(batch % 100 == 99
                ? harness.SendBarrier(batch % 3, new CheckpointBarrier(batch, CheckpointMode.Ordinary, IsWhole: false))
                : harness.SendBatch(batch % 3, batch));
            harness.RunAll();
        }

        while (harness.Received.Sum(static received => received.Count) < 5_000)
        {
            Assert.Empty(harness.Failures);
            harness.RunAll();
            await Task.Yield();
            Stop.ThrowIfCancellationRequested();
        }

        Assert.Equal(expected, harness.Received);
    }

    [Fact]
    public async Task What_was_only_left_goes_out_when_it_is_flushed_or_much_or_something_is_sent()
    {
        const int Much = 64 * 1024;
        var (near, far) = Connect();
        using (near)
        using (far)
        {
            var received = new Receiver();
            near.Start(new Receiver());
            far.Start(received);
            near.SendBuffered(new byte[10]);
            near.Flush();
            await received.HasComeAsync(10, Stop);
            near.SendBuffered(new byte[10]);
            near.Send(new byte[10]);
            await received.HasComeAsync(30, Stop);
            near.SendBuffered(new byte[Much - 1]);
            near.SendBuffered(new byte[1]);
            await received.HasComeAsync(30 + Much, Stop);
            near.Flush();
            near.Send([]);
            near.Send(new byte[1]);
            await received.HasComeAsync(31 + Much, Stop);
        }
    }

    [Fact]
    public async Task The_other_end_learns_when_one_closes()
    {
        var (near, far) = Connect();
        using var harness = new LinkHarness(near, far, channels: 1);
        near.Dispose();
        while (harness.Failures.IsEmpty)
        {
            await Task.Delay(1, Stop);
        }

        Assert.Equal(
            "far: PSR801: Pipeline 'test': the connection to node 1 has failed in attempt 1: the other end has closed the connection",
            Assert.Single(harness.Failures));
    }

    private static (TcpLink Near, TcpLink Far) Connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndpoint);
        return (new TcpLink(near, "node 2"), new TcpLink(listener.AcceptSocket(), "node 1"));
    }

    private sealed class Receiver : ILinkReceiver
    {
        private int _count;

        public void Receive(ReadOnlySpan<byte> bytes) => Interlocked.Add(ref _count, bytes.Length);

        public void Break(Exception error)
        {
        }

        /// <summary>Waits for a number of messages. More of them are a failure.</summary>
        public async Task HasComeAsync(int count, CancellationToken stop)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (Volatile.Read(ref _count) < count && !limit.IsCancellationRequested)
            {
                await Task.Yield();
            }

            Assert.Equal(count, Volatile.Read(ref _count));
        }
    }
}
