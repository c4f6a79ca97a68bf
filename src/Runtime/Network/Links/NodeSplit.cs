using Penstock.Hosting;
using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>Two nodes within one process, for tests and simulations: every second subtask lies on the second one, and what goes from node to node goes over a link, as bytes.</summary>
internal sealed class NodeSplit : IDisposable
{
    // Each attempt has links of its own.
    private const int Attempt = 1;

    private readonly PipelineOptions _options;
    private readonly Peer[] _peers;
    private bool _isDisposed;

    /// <param name="pipeline">The name of the pipeline, for messages.</param>
    /// <param name="options">Its options.</param>
    /// <param name="links">The ends of the link at the first node, and at the second.</param>
    /// <param name="failed">Told what ends the attempt.</param>
    public NodeSplit(string pipeline, PipelineOptions options, (ILink First, ILink Second) links, Action<Exception> failed)
    {
        _options = options;
        _peers = [new Peer(pipeline, links.First, Attempt, Fail), new Peer(pipeline, links.Second, Attempt, Fail)];

        void Fail(Exception error)
        {
            if (!_isDisposed)
            {
                failed(error);
            }
        }
    }

    /// <summary>The node of a subtask.</summary>
    /// <param name="task">The number of its task in the plan.</param>
    /// <param name="subtask">Its index.</param>
    public static int NodeOf(int task, int subtask) => (task + subtask) % 2;

    /// <summary>Creates a channel from node to node.</summary>
    public RemoteChannel Connect(Mailbox sender, Mailbox receiver, InputChannel input, ChannelAddress address, BatchCodec codec)
    {
        var source = NodeOf(address.SourceTask, address.SourceSubtask);
        var credits = RemoteChannel.TimesLocalCredits * _options.ChannelCapacity;
        var channel = new RemoteChannel(sender, _peers[source], address, codec, credits);
        var remote = new RemoteInput(_peers[1 - source], address, receiver, input, codec, _options.BatchSize, credits);
        _peers[source].Add(channel);
        _peers[1 - source].Add(remote);
        input.Sender = remote;
        return channel;
    }

    /// <summary>Begins to take what comes over the link. All channels have been created.</summary>
    public void Start()
    {
        foreach (var peer in _peers)
        {
            peer.Start();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        foreach (var peer in _peers)
        {
            peer.Dispose();
        }
    }
}
