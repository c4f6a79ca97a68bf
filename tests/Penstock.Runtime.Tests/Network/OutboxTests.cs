using Penstock.Network;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Network;

/// <summary>A channel without credits holds back its own messages, and none of other channels.</summary>
public sealed class OutboxTests
{
    private readonly ManualMailbox _sender = new(static _ => { });
    private readonly List<(int Receiver, long Checkpoint)> _received = [];
    private readonly ManualMailbox[] _receivers;
    private readonly Channel[] _channels;
    private readonly Outbox _outbox = new();

    public OutboxTests()
    {
        _receivers = [.. Enumerable
            .Range(0, 2)
            .Select(index => new ManualMailbox(message => _received.Add((index, message.Batch?.Count ?? message.Barrier.Checkpoint))))];
        _channels = [
            .. _receivers.Select((receiver, index) => new LocalChannel(_sender, receiver, new InputChannel(0, index), credits: 1))
        ];
    }

    [Fact]
    public void A_full_channel_keeps_nothing_back_that_goes_another_way()
    {
        Assert.False(Send(0, 1));
        Assert.True(Send(0, 2));
        Assert.False(Send(1, 3));
        Assert.True(_outbox.IsBlocked);
        Run();
        Assert.Equal([(0, 1L), (1, 3L)], _received);
    }

    [Fact]
    public void The_messages_of_a_channel_stay_in_their_order()
    {
        Send(0, 1);
        Assert.True(Send(0, 2));
        Assert.False(Send(0, 3));
        for (var credit = 0; credit < 3; credit++)
        {
            Run();
            _channels[0].ReturnCredit();
            _outbox.Resume();
        }

        Assert.False(_outbox.IsBlocked);
        Run();
        Assert.Equal([(0, 1L), (0, 2L), (0, 3L)], _received);
    }

    [Fact]
    public void The_sender_is_notified_once_when_the_channel_that_it_waits_for_has_credits()
    {
        Send(0, 1);
        Send(0, 2);
        Assert.True(_sender.IsEmpty);
        _channels[1].ReturnCredit();
        Assert.True(_sender.IsEmpty);
        _channels[0].ReturnCredit();
        _channels[0].ReturnCredit();
        Assert.True(_sender.TryHandleNext());
        Assert.False(_sender.TryHandleNext());
        _outbox.Resume();
        Assert.False(_outbox.IsBlocked);
    }

    [Fact]
    public void A_barrier_needs_no_credit_but_stays_behind_what_waits_for_some()
    {
        Assert.False(Send(0, 1));
        Assert.False(SendBarrier(0, 100));
        Assert.True(Send(0, 2));
        Assert.False(SendBarrier(0, 101));
        Run();
        Assert.Equal([(0, 1L), (0, 100L)], _received);
        _channels[0].ReturnCredit();
        _outbox.Resume();
        Run();
        Assert.Equal([(0, 1L), (0, 100L), (0, 2L), (0, 101L)], _received);
        Assert.False(_outbox.IsBlocked);
    }

    [Fact]
    public void A_waiting_sender_is_notified_when_half_of_the_credits_are_back()
    {
        var channel = new LocalChannel(_sender, _receivers[0], new InputChannel(0, 0), credits: 5);
        for (var batch = 0; batch < 6; batch++)
        {
            _outbox.Send(channel, Batch(1));
        }

        Assert.True(_outbox.IsBlocked);
        channel.ReturnCredit();
        channel.ReturnCredit();
        Assert.True(_sender.IsEmpty);
        channel.ReturnCredit();
        Assert.True(_sender.TryHandleNext());
        _outbox.Resume();
        Assert.False(_outbox.IsBlocked);

        // Two are left. The receiver may take them, and then waits for three again.
        _outbox.Send(channel, Batch(1));
        _outbox.Send(channel, Batch(1));
        Assert.True(_outbox.Send(channel, Batch(1)));
        channel.ReturnCredit();
        channel.ReturnCredit();
        Assert.True(_sender.IsEmpty);
        channel.ReturnCredit();
        Assert.True(_sender.TryHandleNext());
        Assert.False(_sender.TryHandleNext());
    }

    // A batch with a number of rows.
    private bool Send(int channel, int rows) => _outbox.Send(_channels[channel], Batch(rows));

    private static Message Batch(int rows)
    {
        var batch = new BatchPool<int>(rows).Rent();
        for (var row = 0; row < rows; row++)
        {
            batch.Add(in row);
        }

        return new Message(MessageKind.Batch, Batch: batch);
    }

    private bool SendBarrier(int channel, long checkpoint) =>
        _outbox.Send(
            _channels[channel],
            new Message(MessageKind.Barrier, Barrier: new CheckpointBarrier(checkpoint, default, IsWhole: false)));

    private void Run()
    {
        foreach (var receiver in _receivers)
        {
            while (receiver.TryHandleNext())
            {
            }
        }
    }
}
