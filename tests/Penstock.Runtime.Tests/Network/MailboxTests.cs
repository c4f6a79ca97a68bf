using System.Collections.Concurrent;
using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Network;

/// <summary>A group is woken once for several messages, and misses none.</summary>
public sealed class MailboxTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_channel_wakes_its_receiver_at_half_of_its_credits_at_a_barrier_and_on_request()
    {
        var receiver = new CountingMailbox();
        var channel = new LocalChannel(new CountingMailbox(), receiver, new InputChannel(0, 0), credits: 8);
        Post(channel, 3);
        Assert.Equal((3, 0), (receiver.Left, receiver.Woken));
        Post(channel, 1);
        Assert.Equal((4, 1), (receiver.Left, receiver.Woken));
        channel.WakeReceiver();
        Assert.Equal(1, receiver.Woken);
        Post(channel, 1);
        channel.WakeReceiver();
        channel.WakeReceiver();
        Assert.Equal((5, 2), (receiver.Left, receiver.Woken));
        Post(channel, 2);
        channel.Post(new Message(MessageKind.Barrier, Barrier: new CheckpointBarrier(1, CheckpointMode.Ordinary, IsWhole: false)));
        Assert.Equal((8, 3), (receiver.Left, receiver.Woken));
    }

    [Fact]
    public async Task A_group_at_work_finds_what_was_only_left()
    {
        var handled = new ConcurrentQueue<MessageKind>();
        using var isAtWork = new ManualResetEventSlim();
        using var mayContinue = new ManualResetEventSlim();
        var mailbox = new DataflowMailbox(message =>
        {
            handled.Enqueue(message.Kind);
            if (message.Kind == MessageKind.Pump)
            {
                isAtWork.Set();
                mayContinue.Wait(Stop);
            }
        });
        mailbox.Post(new Message(MessageKind.Pump));
        isAtWork.Wait(Stop);
        mailbox.Enqueue(new Message(MessageKind.Sweep));
        Assert.False(mailbox.IsEmpty);
        mayContinue.Set();
        mailbox.Complete();
        await mailbox.Completion.WaitAsync(Stop);
        Assert.Equal([MessageKind.Pump, MessageKind.Sweep], handled);
    }

    [Fact]
    public async Task Nothing_is_missed_when_it_comes_as_a_group_comes_to_rest()
    {
        const int Rounds = 20_000;
        var handled = 0;
        var mailbox = new DataflowMailbox(_ => Volatile.Write(ref handled, handled + 1));
        var random = new Random(1);
        for (var round = 1; round <= Rounds; round++)
        {
            Post(2 * round - 1);

            // The second message arrives while the group looks for it, or just after it has found none.
            Thread.SpinWait(random.Next(20));
            Post(2 * round);
        }

        mailbox.Complete();
        await mailbox.Completion.WaitAsync(Stop);

        void Post(int count)
        {
            mailbox.Post(new Message(MessageKind.Sweep));
            Assert.True(
                SpinWait.SpinUntil(() => Volatile.Read(ref handled) == count, TimeSpan.FromSeconds(30)),
                $"Of {count} messages {Volatile.Read(ref handled)} were handled.");
        }
    }

    private static void Post(LocalChannel channel, int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            channel.Post(new Message(MessageKind.Batch, Batch: new BatchPool<int>(1).Rent()));
        }
    }

    private sealed class CountingMailbox : Mailbox
    {
        public int Left { get; private set; }

        public int Woken { get; private set; }

        public override bool IsEmpty => Left == 0;

        public override void Enqueue(in Message message) => Left++;

        public override void Wake() => Woken++;
    }
}
