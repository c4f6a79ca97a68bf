using Penstock.Network;
using Penstock.Streams;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Network;

/// <summary>Messages are taken in the order of arrival. A blocked channel keeps its messages and loses none.</summary>
public sealed class InputGateTests
{
    private readonly InputChannel[] _channels = [new(0, 0), new(1, 1), new(1, 2)];
    private readonly InputGate _gate = new();

    [Fact]
    public void Messages_are_taken_as_they_came_in()
    {
        Add((1, 10), (0, 11), (2, 12), (0, 13));
        Assert.Equal([10, 11, 12, 13], TakeAll());
    }

    [Fact]
    public void A_blocked_channel_is_not_read()
    {
        Add((0, 10), (1, 11));
        _channels[0].Block();
        Add((0, 12), (1, 13));
        Assert.Equal([11, 13], TakeAll());
        Assert.Equal(2, _channels[0].Count);
    }

    [Fact]
    public void Messages_of_blocked_channels_come_first_after_the_release()
    {
        Add((0, 10), (1, 11));
        _channels[0].Block();
        _channels[2].Block();
        Add((2, 12), (1, 13), (0, 14));
        _gate.Release(_channels);
        Assert.Equal([10, 14, 12, 11, 13], TakeAll());
        Add((0, 15));
        Assert.Equal([15], TakeAll());
    }

    [Fact]
    public void Preferred_messages_are_taken_first_except_from_a_blocked_channel()
    {
        InputChannel[] channels = [new(0, 0), new(1, 1) { IsPreferred = true }, new(1, 2) { IsPreferred = true }];
        Add(channels, (0, 10), (2, 11), (0, 12), (1, 13));
        Assert.True(_gate.TryTake(out var first));
        Assert.Equal(11, first.Barrier.Checkpoint);
        channels[1].Block();
        Add(channels, (1, 14), (2, 15));
        Assert.Equal([15, 10, 12], TakeAll());
        Add(channels, (0, 16), (2, 17));
        _gate.Release(channels);
        Assert.Equal([13, 14, 17, 16], TakeAll());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_idle_channel_that_wakes_after_its_barrier_holds_back_the_watermark_immediately(bool hasCome)
    {
        _channels[0].CombinedWatermark = Watermarks.Idle;
        var batch = new BatchPool<int>(4).Rent();
        batch.AddWatermark(5, 5);
        if (!hasCome)
        {
            _channels[0].Block();
        }

        _gate.Add(new Message(MessageKind.Batch, _channels[0], batch));
        _channels[0].Block();
        Assert.Equal(5, _channels[0].CombinedWatermark);
    }

    // Channels are blocked and released in any order, and compared with a plain list for each channel.
    [Fact]
    public void Every_message_is_taken_once_and_those_of_a_channel_in_their_order()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var gate = new InputGate();
            InputChannel[] channels = [new(0, 0), new(0, 1), new(1, 2) { IsPreferred = seed % 2 == 0 }];
            var sent = channels.Select(static _ => new List<long>()).ToList();
            var taken = channels.Select(static _ => new List<long>()).ToList();
            for (var step = 0; step < 100; step++)
            {
                var channel = random.Next(channels.Length);
                switch (random.Next(4))
                {
                    case 0 when !channels[channel].IsBlocked:
                        channels[channel].Block();
                        break;
                    case 1:
                        gate.Release(channels);
                        break;
                    case 2:
                        gate.Add(Numbered(channels[channel], step));
                        sent[channel].Add(step);
                        break;
                    default:
                        Note(gate, taken, channels[2]);
                        break;
                }
            }

            gate.Release(channels);
            while (Note(gate, taken, channels[2]))
            {
            }

            Assert.Equal(sent, taken);
        }

        static bool Note(InputGate gate, List<List<long>> taken, InputChannel preferred)
        {
            var hasPreferred = preferred is { IsPreferred: true, IsBlocked: false, Count: > 0 };
            if (!gate.TryTake(out var message))
            {
                return false;
            }

            Assert.True(message.To == preferred || !hasPreferred);

            Assert.False(message.To!.IsBlocked);
            taken[message.To.Index].Add(message.Barrier.Checkpoint);
            return true;
        }
    }

    private void Add(params ReadOnlySpan<(int Channel, long Number)> messages) => Add(_channels, messages);

    private void Add(InputChannel[] channels, params ReadOnlySpan<(int Channel, long Number)> messages)
    {
        foreach (var (channel, number) in messages)
        {
            _gate.Add(Numbered(channels[channel], number));
        }
    }

    private List<long> TakeAll()
    {
        var taken = new List<long>();
        while (_gate.TryTake(out var message))
        {
            taken.Add(message.Barrier.Checkpoint);
        }

        return taken;
    }

    private static Message Numbered(InputChannel channel, long number) =>
        new(MessageKind.Barrier, channel, Barrier: new CheckpointBarrier(number, default, IsWhole: false));
}
