using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Runtime.Tests.Streams;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Network.Links;

/// <summary>Channels between two nodes, over a link whose deliveries the test controls.</summary>
public sealed class RemoteChannelTests
{
    private static readonly CheckpointBarrier Barrier = new(42, CheckpointMode.StopWithSavepoint, IsWhole: true);

    [Fact]
    public void Batches_and_barriers_come_in_their_order_however_they_are_delivered()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var (near, far) = Link();
            using var harness = new LinkHarness(near, far, channels: 3);
            var expected = new List<string>[] { [], [], [] };
            for (var sent = 0; sent < 60;)
            {
                var channel = random.Next(3);
                switch (random.Next(4))
                {
                    case 0:
                        expected[channel].Add(harness.SendBatch(channel, sent++, random.Next(9)));
                        break;
                    case 1 when random.Next(5) == 0:
                        expected[channel].Add(harness.SendBarrier(
                            channel,
                            Barrier with { Checkpoint = sent++, IsWhole = random.Next(2) == 0 }));
                        break;
                    case 2:
                        (random.Next(2) == 0 ? near : far).Deliver(random.Next(200));
                        break;
                    default:
                        harness.TakeOne(channel);
                        break;
                }
            }

            Settle(harness, near, far);
            Assert.Empty(harness.Failures);
            Assert.False(harness.IsBlocked);
            Assert.Equal(expected, harness.Received);
        }
    }

    [Fact]
    public void A_slow_receiver_blocks_only_its_own_channel()
    {
        var (near, far) = Link();
        using var harness = new LinkHarness(near, far, channels: 2);
        for (var batch = 0; batch < 2 * LinkHarness.Credits; batch++)
        {
            harness.SendBatch(0, batch);
        }

        Assert.True(harness.IsBlocked);
        var sent = harness.SendBatch(1, 7);
        near.Deliver(int.MaxValue);
        Assert.True(harness.TakeOne(1));
        Assert.Equal([sent], harness.Received[1]);

        // For the other channel, exactly as many batches as it has credits have arrived.
        for (var batch = 0; batch < LinkHarness.Credits; batch++)
        {
            Assert.True(harness.TakeOne(0));
        }

        Assert.False(harness.TakeOne(0));
        Settle(harness, near, far);
        Assert.Equal(2 * LinkHarness.Credits, harness.Received[0].Count);
    }

    [Fact]
    public void A_barrier_needs_no_credit_and_stays_behind_what_was_sent_before_it()
    {
        var (near, far) = Link();
        using var harness = new LinkHarness(near, far, channels: 1);
        List<string> expected = [
            .. Enumerable.Range(0, LinkHarness.Credits).Select(batch => harness.SendBatch(0, batch)),
            harness.SendBarrier(0, Barrier)
        ];
        Assert.False(harness.IsBlocked);
        near.Deliver(int.MaxValue);
        while (harness.TakeOne(0))
        {
        }

        Assert.Equal(expected, harness.Received[0]);

        for (var batch = 0; batch <= LinkHarness.Credits; batch++)
        {
            expected.Add(harness.SendBatch(0, batch));
        }

        Assert.True(harness.IsBlocked);
        expected.Add(harness.SendBarrier(0, Barrier with { Checkpoint = 43 }));
        Settle(harness, near, far);
        Assert.Equal(expected, harness.Received[0]);
    }

    [Fact]
    public void A_link_that_breaks_has_delivered_whole_batches_and_both_ends_learn_of_it()
    {
        var length = Sent(out _).Near.Undelivered;
        for (var delivered = 0; delivered <= length; delivered++)
        {
            var (near, harness) = Sent(out var expected);
            near.Deliver(delivered);
            near.Break();
            harness.RunAll();
            Assert.Equal(expected.Take(harness.Received[0].Count), harness.Received[0]);
            Assert.Equal([
                "far: PSR801: Pipeline 'test': the connection to node 1 has failed in attempt 1: the connection is broken",
                "near: PSR801: Pipeline 'test': the connection to node 2 has failed in attempt 1: the connection is broken"
            ], harness.Failures.Order());
            harness.Dispose();
        }
    }

    [Fact]
    public void What_belongs_to_another_attempt_is_refused()
    {
        var (near, far) = Link();
        using var harness = new LinkHarness(near, far, channels: 1, nearAttempt: 1, farAttempt: 2);
        harness.SendBatch(0, 1);
        near.Deliver(int.MaxValue);
        Assert.False(harness.TakeOne(0));
        Assert.Contains(
            harness.Failures,
            static failure =>
                failure == "far: PSR801: Pipeline 'test': the connection to node 1 has failed in attempt 2: a frame belongs to attempt 1, and this is attempt 2");
    }

    [Theory]
    [InlineData(9, 0, 0, "a frame of kind 9 with 0 bytes is for")]
    [InlineData((int)FrameKind.Batch, 7, 0, "TargetSubtask = 7, Input = 0 }, which is nothing that this node knows")]
    [InlineData((int)FrameKind.Credit, 0, 4, "which is nothing that this node knows")]
    [InlineData((int)FrameKind.Barrier, 0, 3, "a barrier cannot be read: 000000")]
    [InlineData((int)FrameKind.Barrier, 0, 10, "0A0A")]
    [InlineData((int)FrameKind.Batch, 0, 5, "A batch of rows of type Penstock.Runtime.Tests.Streams.Spot ends early")]
    public void What_makes_no_sense_ends_the_attempt(int kind, int subtask, int bytes, string expected)
    {
        var (near, far) = Link();
        using var harness = new LinkHarness(near, far, channels: 1);
        var frame = new byte[FrameHeader.Size + bytes];
        frame.AsSpan(FrameHeader.Size).Fill((byte)(bytes == 10 ? 10 : 0));
        FrameHeader.Of((FrameKind)kind, 1, new ChannelAddress(0, 0, 1, (ushort)subtask, 0), frame.AsSpan(FrameHeader.Size)).Write(frame);
        near.Send(frame);
        near.Deliver(int.MaxValue);
        Assert.False(harness.TakeOne(0));
        Assert.Contains(
            harness.Failures,
            failure => failure.StartsWith("far: PSR801: Pipeline 'test': the connection to node 1 has failed", StringComparison.Ordinal)
                && failure.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Batches_beyond_the_credits_are_refused()
    {
        var (near, far) = Link();
        using var harness = new LinkHarness(near, far, channels: 1);
        var body = new ByteBuffer();
        LinkHarness.Codec.Write(new BatchPool<Spot>(1).Rent(), body);
        byte[] frame = [.. new byte[FrameHeader.Size], .. body.Written];
        FrameHeader.Of(FrameKind.Batch, 1, new ChannelAddress(0, 0, 1, 0, 0), body.Written).Write(frame);
        for (var batch = 0; batch < LinkHarness.Credits; batch++)
        {
            near.Send(frame);
        }

        near.Deliver(int.MaxValue);
        Assert.Empty(harness.Failures);
        near.Send(frame);
        near.Deliver(int.MaxValue);
        Assert.Contains(harness.Failures, static failure => failure.Contains("more batches have come for", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(LinkHarness.Credits + 1)]
    public void Credits_that_cannot_be_are_refused(int count)
    {
        var (near, far) = Link();
        using var harness = new LinkHarness(near, far, channels: 1);
        var frame = new byte[FrameHeader.Size + sizeof(int)];
        BitConverter.TryWriteBytes(frame.AsSpan(FrameHeader.Size), count);
        FrameHeader.Of(FrameKind.Credit, 1, new ChannelAddress(0, 0, 1, 0, 0), frame.AsSpan(FrameHeader.Size)).Write(frame);
        far.Send(frame);
        far.Deliver(int.MaxValue);
        Assert.Contains(harness.Failures, static failure => failure.StartsWith("near: ", StringComparison.Ordinal)
            && failure.Contains("cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void A_steady_flow_allocates_nothing()
    {
        // Delivered immediately, so that both ends run on this thread.
        var (near, far) = MemoryLink.Create(("node 2", "node 1"));
        using var harness = new LinkHarness(near, far, channels: 1, notes: false);
        long Flow()
        {
            harness.Received[0].Clear();
            harness.Received[0].EnsureCapacity(10_000);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var batch = 0; batch < 10_000; batch++)
            {
                harness.SendBatch(0, batch);
                harness.RunAll();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Flow();
        Assert.InRange(Flow(), 0, 10_000);
        Assert.Equal(10_000, harness.Received[0].Count);
    }

    private static (MemoryLink Near, MemoryLink Far) Link() => MemoryLink.Create(("node 2", "node 1"), static _ => { });

    private static (MemoryLink Near, LinkHarness Rig) Sent(out List<string> expected)
    {
        var (near, far) = Link();
        var harness = new LinkHarness(near, far, channels: 1);
        expected = [harness.SendBatch(0, 1), harness.SendBarrier(0, Barrier), harness.SendBatch(0, 5, 2)];
        return (near, harness);
    }

    private static void Settle(LinkHarness harness, MemoryLink near, MemoryLink far)
    {
        do
        {
            near.Deliver(int.MaxValue);
            far.Deliver(int.MaxValue);
        }
        while (harness.RunAll());
    }
}
