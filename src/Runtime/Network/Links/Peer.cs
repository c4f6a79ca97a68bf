namespace Penstock.Network.Links;

/// <summary>
/// Another node, as seen by one attempt to run a job: the link to it, the channels over that link, and the messages of job control. An
/// error in a frame, or of the link, ends the attempt.
/// </summary>
internal sealed class Peer : ILinkReceiver, IDisposable
{
    /// <summary>
    /// The time without data from the other node after which it is considered lost, if the link does not detect that itself.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // The number of heartbeats sent during the time in which one must be received.
    private const int HeartbeatsPerTimeout = 5;

    private const int Unknown = -1;

    private readonly string _pipeline;
    private readonly ILink _link;
    private readonly TimeProvider _time;
    private ITimer? _heartbeats;
    private long _lastReceivedAt;
    private readonly FrameReader _frames;
    private readonly Dictionary<ChannelAddress, RemoteChannel> _senders = [];
    private readonly Dictionary<ChannelAddress, RemoteInput> _inputs = [];
    private IPeerOwner _owner = null!;

    // Set by the thread that reads the link, at the latest by its first message; also read by the heartbeat timer.
    private volatile int _attempt;
    private int _isOver;

    /// <param name="pipeline">The name of the pipeline, for messages.</param>
    /// <param name="link">The link.</param>
    /// <param name="attempt">The number of the attempt, or null if the first message of the other node contains it.</param>
    /// <param name="time">The clock for detecting a lost node.</param>
    public Peer(string pipeline, ILink link, int? attempt, TimeProvider time)
    {
        (_pipeline, _link, _attempt, _time) = (pipeline, link, attempt ?? Unknown, time);
        _frames = new FrameReader(Handle);
    }

    /// <summary>The name of the other end, for messages.</summary>
    public string Name => _link.Name;

    /// <summary>Adds a channel from this node.</summary>
    public void Add(RemoteChannel channel) => _senders.Add(channel.Address, channel);

    /// <summary>Adds a channel to this node.</summary>
    public void Add(RemoteInput input) => _inputs.Add(input.Address, input);

    /// <summary>Starts to receive. Frames of channels arrive only after all channels have been added.</summary>
    /// <param name="owner">Receives the messages of job control, and the end of the link.</param>
    public void Start(IPeerOwner owner)
    {
        _owner = owner;
        _lastReceivedAt = _time.GetTimestamp();
        if (_link.NeedsHeartbeats)
        {
            _heartbeats = _time.CreateTimer(_ => SendHeartbeat(), null, Timeout / HeartbeatsPerTimeout, Timeout / HeartbeatsPerTimeout);
        }

        _link.Start(this);
    }

    /// <summary>Sends a frame of a channel. May be called on any thread.</summary>
    /// <param name="kind">The content of the frame.</param>
    /// <param name="channel">The channel of the frame.</param>
    /// <param name="frame">Room for the header, followed by the body.</param>
    public void Send(FrameKind kind, in ChannelAddress channel, Span<byte> frame)
    {
        var body = frame[FrameHeader.Size..];
        if (body.Length > FrameHeader.MaxBodyLength)
        {
            throw new PipelineException(
                ErrorCodes.MessageTooLong,
                $"Pipeline '{_pipeline}': {(kind == FrameKind.Control ? "a message" : "a batch")} takes {body.Length} bytes on its way to {_link.Name}, and at most {FrameHeader.MaxBodyLength} are possible{(kind == FrameKind.Control ? "." : ": set a smaller BatchSize.")}");
        }

        FrameHeader.Of(kind, _attempt, in channel, body).Write(frame);
        if (kind == FrameKind.Batch)
        {
            _link.SendBuffered(frame);
        }
        else
        {
            _link.Send(frame);
        }
    }

    /// <summary>Sends buffered batches. May be called on any thread.</summary>
    public void Flush() => _link.Flush();

    /// <summary>Sends a message of job control. May be called on any thread.</summary>
    public void SendControl(ReadOnlySpan<byte> message)
    {
        var frame = new byte[FrameHeader.Size + message.Length];
        message.CopyTo(frame.AsSpan(FrameHeader.Size));
        Send(FrameKind.Control, default, frame);
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        Volatile.Write(ref _lastReceivedAt, _time.GetTimestamp());
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

    public void Dispose()
    {
        Interlocked.Exchange(ref _isOver, 1);
        Close();
    }

    private void Close()
    {
        _heartbeats?.Dispose();
        _link.Dispose();
    }

    // A lost machine or a broken cable closes no connection.
    private void SendHeartbeat()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _lastReceivedAt)) > Timeout)
        {
            Fail(new TimeoutException($"nothing has come for {Timeout}"));
        }
        else if (_attempt != Unknown)
        {
            Send(FrameKind.Heartbeat, default, new byte[FrameHeader.Size]);
        }
    }

    private void Handle(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind == FrameKind.Control && _attempt == Unknown)
        {
            _attempt = header.Attempt;
        }

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
            case FrameKind.Control:
                _owner.Receive(body);
                break;
            case FrameKind.Heartbeat:
                break;
            default:
                throw new InvalidDataException(
                    $"a frame of kind {(int)header.Kind} with {header.Length} bytes is for {header.Channel}, which is nothing that this "
                        + $"node knows");
        }
    }

    // Nothing more is accepted from the other node. Reading and the heartbeat may fail at the same time.
    private void Fail(Exception error)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0)
        {
            return;
        }

        Close();
        _owner.Break(error as PipelineException ?? new LinkException(
            $"Pipeline '{_pipeline}': the connection to {_link.Name} has failed in attempt {_attempt}: {error.Message}",
            error));
    }
}

/// <summary>The owner of a peer.</summary>
internal interface IPeerOwner
{
    /// <summary>Receives a message of job control, one call at a time.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    void Receive(ReadOnlySpan<byte> message);

    /// <summary>
    /// Reports that the link is over and nothing more is received. Called at most once, and not if this end was disposed.
    /// </summary>
    void Break(PipelineException error);
}
