using Penstock.Connectors;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Runtime.Tests.Streams;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.Network.Links;

/// <summary>Two nodes with some channels from the first one to the second, whose senders and receivers a test runs by hand.</summary>
internal sealed class LinkHarness : IDisposable
{
    public const int Credits = 4;
    private const int BatchSize = 8;

    private readonly bool _notes;
    private readonly Outbox _outbox = new();
    private readonly BatchPool<Spot> _batches = new(BatchSize);
    private readonly ManualMailbox _sender;
    private readonly Peer _near;
    private readonly Peer _far;
    private readonly List<RemoteChannel> _channels = [];
    private readonly List<ManualMailbox> _receivers = [];

    public LinkHarness(ILink near, ILink far, int channels, int nearAttempt = 1, int farAttempt = 1, bool notes = true)
    {
        _notes = notes;
        _sender = new ManualMailbox(_ =>
        {
            _outbox.Resume();
            _outbox.WakeReceivers();
        });
        _near = new Peer("test", near, nearAttempt, TimeProvider.System);
        _far = new Peer("test", far, farAttempt, TimeProvider.System);
        for (var index = 0; index < channels; index++)
        {
            var address = new ChannelAddress(0, 0, 1, (ushort)index, 0);
            var channel = new RemoteChannel(_sender, _near, address, Codec, Credits);
            var received = new List<string>();
            var receiver = new ManualMailbox(message => Take(message, received));
            var input = new InputChannel(0, index);
            var remote = new RemoteInput(_far, address, receiver, input, Codec, BatchSize, Credits);
            input.Sender = remote;
            _near.Add(channel);
            _far.Add(remote);
            _channels.Add(channel);
            _receivers.Add(receiver);
            Received.Add(received);
        }

        _outbox.Add([.. _channels]);
        _near.Start(new Owner("near", Failures));
        _far.Start(new Owner("far", Failures));
    }

    /// <summary>Writes the rows that go over the channels.</summary>
    public static BatchCodec Codec { get; } = RowPipeline.Plan.Task(nameof(RowPipeline.AllSpots)).Inputs[0].Codec!;

    /// <summary>What each receiver has taken: the rows of a batch, or a barrier.</summary>
    public List<List<string>> Received { get; } = [];

    /// <summary>What has ended the attempt.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> Failures { get; } = [];

    /// <summary>Whether something waits for credits.</summary>
    public bool IsBlocked => _outbox.IsBlocked;

    /// <summary>Sends a batch whose rows are numbers from one on.</summary>
    public string SendBatch(int channel, int first, int count = 3, bool flushes = true)
    {
        var batch = _batches.Rent();
        for (var row = first; row < first + count; row++)
        {
            batch.Add(new Spot(row, row, row), row);
        }

        _outbox.Send(_channels[channel], new Message(MessageKind.Batch, Batch: batch));
        if (flushes)
        {
            Flush();
        }

        return _notes ? string.Join(",", Enumerable.Range(first, count)) : "";
    }

    /// <summary>Sends what the link has kept to send more at once.</summary>
    public void Flush() => _outbox.WakeReceivers();

    /// <summary>Sends a barrier.</summary>
    public string SendBarrier(int channel, CheckpointBarrier barrier)
    {
        _outbox.Send(_channels[channel], new Message(MessageKind.Barrier, Barrier: barrier));
        return barrier.ToString();
    }

    /// <summary>Has a receiver take the next message.</summary>
    /// <returns>False when none has come.</returns>
    public bool TakeOne(int channel) => _receivers[channel].TryHandleNext();

    /// <summary>Has all receivers take what has come, and the sender send what there are credits for.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public bool RunAll()
    {
        var hasRun = false;
        for (var channel = 0; channel < _receivers.Count; channel++)
        {
            while (TakeOne(channel))
            {
                hasRun = true;
            }
        }

        while (_sender.TryHandleNext())
        {
            hasRun = true;
        }

        return hasRun;
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private sealed class Owner(string name, System.Collections.Concurrent.ConcurrentBag<string> failures) : IPeerOwner
    {
        public void Receive(ReadOnlySpan<byte> message) => throw new InvalidDataException("no message of job control is expected");

        public void Break(PipelineException error) => failures.Add($"{name}: {error.Message}");
    }

    private void Take(Message message, List<string> received)
    {
        if (message.Kind == MessageKind.Barrier)
        {
            received.Add(message.Barrier.ToString());
            return;
        }

        var batch = (Batch<Spot>)message.Batch!;
        for (var row = 0; row < batch.Count; row++)
        {
            Assert.True(batch.Rows[row] == new Spot(batch.Times[row], (int)batch.Times[row], batch.Times[row]));
        }

        received.Add(_notes ? string.Join(",", batch.Rows.Take(batch.Count).Select(static row => row.Row)) : "");
        batch.Release();
        message.To!.Sender!.ReturnCredit();
    }
}
