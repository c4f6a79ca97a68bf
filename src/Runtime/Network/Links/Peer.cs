namespace Penstock.Network.Links;

/// <summary>Another node, as one attempt to run a job sees it: the link to it, and the channels that go over the link. What is wrong with a frame, or with the link, ends the attempt.</summary>
internal sealed class Peer : ILinkReceiver, IDisposable
{
    private readonly string _pipeline;
    private readonly ILink _link;
    private readonly int _attempt;
    private readonly Action<Exception> _failed;
    private readonly FrameReader _frames;
    private readonly Dictionary<ChannelAddress, RemoteChannel> _senders = [];
    private readonly Dictionary<ChannelAddress, RemoteInput> _inputs = [];

    /// <param name="pipeline">The name of the pipeline, for messages.</param>
    /// <param name="link">The link.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="failed">Told what ends the attempt.</param>
    public Peer(string pipeline, ILink link, int attempt, Action<Exception> failed)
    {
        (_pipeline, _link, _attempt, _failed) = (pipeline, link, attempt, failed);
        _frames = new FrameReader(Handle);
    }

    /// <summary>Adds a channel over which this node sends.</summary>
    public void Add(RemoteChannel channel) => _senders.Add(channel.Address, channel);

    /// <summary>Adds a channel over which the other node sends.</summary>
    public void Add(RemoteInput input) => _inputs.Add(input.Address, input);

    /// <summary>Begins to take what comes in. All channels have been added.</summary>
    public void Start() => _link.Start(this);

    /// <summary>Sends a frame. On any thread.</summary>
    /// <param name="kind">What it carries.</param>
    /// <param name="channel">The channel that it belongs to.</param>
    /// <param name="frame">Room for the header, and the bytes behind it.</param>
    public void Send(FrameKind kind, in ChannelAddress channel, Span<byte> frame)
    {
        var body = frame[FrameHeader.Size..];
        if (body.Length > FrameHeader.LongestBody)
        {
            throw new PipelineException($"Pipeline '{_pipeline}': a batch takes {body.Length} bytes on its way to {_link.Name}, and at most {FrameHeader.LongestBody} are possible: set a smaller BatchSize.");
        }

        FrameHeader.Of(kind, _attempt, in channel, body).Write(frame);
        _link.Send(frame);
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _frames.Read(bytes);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    public void Break(Exception error) => Fail(error);

    public void Dispose() => _link.Dispose();

    private void Handle(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Attempt != _attempt)
        {
            throw new InvalidDataException($"a frame belongs to attempt {header.Attempt}, and this is attempt {_attempt}");
        }

        switch (header.Kind)
        {
            case FrameKind.Batch when _inputs.TryGetValue(header.Channel, out var input):
                input.ReceiveBatch(body);
                break;
            case FrameKind.Barrier when _inputs.TryGetValue(header.Channel, out var input):
                input.ReceiveBarrier(body);
                break;
            case FrameKind.Credit when _senders.TryGetValue(header.Channel, out var sender):
                sender.ReceiveCredits(body);
                break;
            default:
                throw new InvalidDataException($"a frame of kind {(int)header.Kind} with {header.Length} bytes is for {header.Channel}, which is nothing that this node knows");
        }
    }

    // Nothing is believed any more that comes from there.
    private void Fail(Exception error)
    {
        _link.Dispose();
        _failed(error as PipelineException ?? new LinkException($"Pipeline '{_pipeline}': the connection to {_link.Name} has failed in attempt {_attempt}: {error.Message}", error));
    }
}
