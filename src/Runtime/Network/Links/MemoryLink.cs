using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>
/// A link between two nodes of one process, for tests and simulations. Its owner controls when bytes are delivered, and how many; by
/// default they are delivered immediately. It can break after any byte: bytes that were sent but not delivered are lost.
/// </summary>
internal sealed class MemoryLink : ILink
{
    // Shared by both ends, because a failure at one end closes the other. No callbacks are made while it is held.
    private readonly Lock _lock;

    // The other end receives bytes in order, one call at a time.
    private readonly Lock _delivery = new();
    private ByteBuffer? _delivered = new();
    private readonly ByteBuffer _sent = new();

    // The number of these bytes that may be delivered: buffered bytes are kept until they are flushed, as over a connection.
    private int _deliverable;
    private readonly Action<MemoryLink>? _hasSent;
    private readonly Action<MemoryLink>? _hasClosed;
    private MemoryLink _other = null!;
    private ILinkReceiver? _receiver;
    private bool _isBroken;
    private bool _isCut;

    private MemoryLink(string name, Action<MemoryLink>? hasSent, Action<MemoryLink>? hasClosed, Lock ends) =>
        (Name, _hasSent, _hasClosed, _lock) = (name, hasSent, hasClosed, ends);

    public string Name { get; }

    public bool NeedsHeartbeats => false;

    /// <summary>The number of bytes that this end has sent, not only buffered, and that were not delivered yet.</summary>
    public int Undelivered
    {
        get
        {
            lock (_lock)
            {
                return _deliverable;
            }
        }
    }

    /// <summary>Creates both ends of a link.</summary>
    /// <param name="names">The name of the other end of the first end, and of the second.</param>
    /// <param name="hasSent">Called when an end has sent something, to deliver it later; null for immediate delivery.</param>
    /// <param name="hasClosed">
    /// Called when an end was closed by its owner, to notify the other one later (<see cref="Lose"/>); null for immediate notification.
    /// </param>
    public static (MemoryLink First, MemoryLink Second) Create(
        (string OfFirst, string OfSecond) names,
        Action<MemoryLink>? hasSent = null,
        Action<MemoryLink>? hasClosed = null)
    {
        var ends = new Lock();
        var first = new MemoryLink(names.OfFirst, hasSent, hasClosed, ends);
        var second = new MemoryLink(names.OfSecond, hasSent, hasClosed, ends) { _other = first };
        first._other = second;
        return (first, second);
    }

    public void Start(ILinkReceiver receiver)
    {
        lock (_lock)
        {
            _receiver = receiver;
        }

        if (_hasSent == null)
        {
            _other.Deliver(int.MaxValue);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        SendBuffered(bytes);
        Flush();
    }

    public void SendBuffered(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (!_isBroken)
            {
                _sent.Add(bytes);
            }
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            if (_isBroken)
            {
                return;
            }

            _deliverable = _sent.Length;
        }

        if (_hasSent == null)
        {
            Deliver(int.MaxValue);
        }
        else
        {
            _hasSent(this);
        }
    }

    /// <summary>Delivers bytes that this end has sent.</summary>
    /// <param name="most">The maximum number of bytes to deliver.</param>
    public void Deliver(int most)
    {
        lock (_delivery)
        {
            // A nested call uses its own buffer.
            var bytes = _delivered ?? new ByteBuffer();
            _delivered = null;
            if (HasTaken(most, bytes))
            {
                _other._receiver!.Receive(bytes.Written);
            }

            bytes.Clear();
            _delivered = bytes;
        }
    }

    /// <summary>Breaks the link: both ends are notified, and bytes that were not delivered are lost.</summary>
    public void Break()
    {
        var error = new IOException("the connection is broken");
        foreach (var end in (MemoryLink[])[this, _other])
        {
            if (end.Close())
            {
                end._receiver?.Break(error);
            }
        }
    }

    /// <summary>
    /// Cuts the link: it carries nothing more, not even that an end was closed. The ends are notified by <see cref="Lose"/>.
    /// </summary>
    public void Cut()
    {
        lock (_lock)
        {
            _isCut = _other._isCut = true;
        }
    }

    /// <summary>Notifies the receiver at this end, unless it closed the link, that the link is gone.</summary>
    public void Lose()
    {
        if (Close())
        {
            _receiver?.Break(new IOException("the connection is gone"));
        }
    }

    public void Dispose()
    {
        if (!Close() || _isCut)
        {
            return;
        }

        if (_hasClosed != null)
        {
            _hasClosed(this);
        }
        else if (_other.Close())
        {
            _other._receiver?.Break(new IOException("the other end has closed the connection"));
        }
    }

    private bool HasTaken(int most, ByteBuffer bytes)
    {
        lock (_lock)
        {
            if (_other._receiver == null || _isBroken || _other._isBroken || _isCut || _deliverable == 0)
            {
                return false;
            }

            var count = Math.Min(most, _deliverable);
            bytes.Add(_sent.Written[..count]);
            _sent.RemoveFirst(count);
            _deliverable -= count;
            return true;
        }
    }

    private bool Close()
    {
        lock (_lock)
        {
            var isFirst = !_isBroken;
            _isBroken = true;
            _sent.Clear();
            _deliverable = 0;
            return isFirst;
        }
    }
}
