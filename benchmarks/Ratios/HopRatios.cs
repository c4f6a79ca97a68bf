using System.Net;
using System.Net.Sockets;
using Penstock.Benchmarks.Pipelines;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Streams;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Rows from one execution group to another: over a link to another node, and within a process. Both ends run on one machine and share its
/// cores.
/// </summary>
internal static class HopRatios
{
    private const int Batches = 32 * 1024;
    private const int BatchSize = 1024;

    private static readonly int Credits = new PipelineOptions().ChannelCapacity;

    private static readonly int RemoteCredits = RemoteChannel.TimesLocalCredits * Credits;

    // Rows of 16 bytes, as many as fit in the cache of the processor, repeatedly.
    private static readonly Lazy<View[]> Views =
        new(() => [.. Enumerable.Range(0, 16 * BatchSize).Select(static number => new View(number, number * 31L))]);

    private static readonly BatchCodec Codec = MapCountPipeline.Plan.Tasks.Single(static task => task.Inputs.Count > 0).Inputs[0].Codec!;

    public static IEnumerable<Ratio> All => [new Ratio("remote-hop", 0.35, () => Remote, "the hop within a process", () => Local)];

    private static long Local()
    {
        var sender = new Sender();
        var receiver = new Receiver();
        var channel = new LocalChannel(sender.Mailbox, receiver.Mailbox, receiver.Input, Credits);
        receiver.Input.Sender = channel;
        return Run(sender, receiver, channel);
    }

    private static long Remote()
    {
        var sender = new Sender();
        var receiver = new Receiver();
        var (here, there) = Connect();
        using var near = new Peer("hop", here, attempt: 1, TimeProvider.System);
        using var far = new Peer("hop", there, attempt: 1, TimeProvider.System);
        var channel = new RemoteChannel(sender.Mailbox, near, default, Codec, RemoteCredits);
        var input = new RemoteInput(far, default, receiver.Mailbox, receiver.Input, Codec, BatchSize, RemoteCredits);
        receiver.Input.Sender = input;
        near.Add(channel);
        far.Add(input);
        near.Start(receiver);
        far.Start(receiver);
        return Run(sender, receiver, channel);
    }

    private static long Run(Sender sender, Receiver receiver, Channel channel)
    {
        sender.Begin(channel);
        var sum = receiver.Sum.GetAwaiter().GetResult();
        var expected = Views.Value.Sum(static view => view.Site + view.Page) * (Batches / (Views.Value.Length / BatchSize));
        return sum == expected
            ? (long)Batches * BatchSize
            : throw new InvalidOperationException($"The rows have the sum {sum}, and not {expected}.");
    }

    private static (TcpLink Here, TcpLink There) Connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var here = new Socket(SocketType.Stream, ProtocolType.Tcp);
        here.Connect(listener.LocalEndpoint);
        return (new TcpLink(here, "there"), new TcpLink(listener.AcceptSocket(), "here"));
    }

    /// <summary>Fills batches row by row, as outputs do, and sends them as long as there are credits.</summary>
    private sealed class Sender
    {
        private readonly BatchPool<View> _pool = new(BatchSize, Credits + 2);
        private readonly Outbox _outbox = new();
        private Channel _channel = null!;
        private int _sent;

        public Sender() => Mailbox = new DataflowMailbox(Handle);

        public DataflowMailbox Mailbox { get; }

        public void Begin(Channel channel)
        {
            _channel = channel;
            _outbox.Add(channel);
            Mailbox.Post(new Message(MessageKind.Pump));
        }

        private void Handle(Message message)
        {
            _outbox.Resume();
            while (!_outbox.IsBlocked && _sent < Batches)
            {
                var batch = _pool.Rent();
                foreach (ref readonly var view in Views.Value.AsSpan(_sent % (Views.Value.Length / BatchSize) * BatchSize, BatchSize))
                {
                    batch.Add(in view);
                }

                _outbox.Send(_channel, new Message(MessageKind.Batch, Batch: batch));
                _sent++;
            }

            _outbox.WakeReceivers();
        }
    }

    /// <summary>Reads every row.</summary>
    private sealed class Receiver : IPeerOwner
    {
        private readonly TaskCompletionSource<long> _sum = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _site;
        private long _page;
        private int _received;

        public Receiver() => Mailbox = new DataflowMailbox(Handle);

        public DataflowMailbox Mailbox { get; }

        public InputChannel Input { get; } = new(0, 0);

        public Task<long> Sum => _sum.Task;

        /// <summary>Ends the measurement even if not all rows have arrived.</summary>
        public void Break(PipelineException error) => _sum.TrySetException(error);

        public void Receive(ReadOnlySpan<byte> message) => throw new InvalidOperationException("No message of job control is sent.");

        private void Handle(Message message)
        {
            var batch = (Batch<View>)message.Batch!;
            var (site, page) = (0L, 0L);
            foreach (ref readonly var view in batch.Rows.AsSpan(0, batch.Count))
            {
                site += view.Site;
                page += view.Page;
            }

            (_site, _page) = (_site + site, _page + page);
            batch.Release();
            message.To!.Sender!.ReturnCredit();
            if (++_received == Batches)
            {
                _sum.SetResult(_site + _page);
            }
        }
    }
}
