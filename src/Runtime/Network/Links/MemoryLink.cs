using Penstock.Streams;

namespace Penstock.Network.Links;

/// <summary>
/// A link between two nodes of one process, for tests and simulations. Who owns it says when bytes are delivered, and how many; or they are
/// at once. It can break after any byte: what was sent and not delivered is lost.
/// </summary>
internal sealed class MemoryLink : ILink
{
    // One for both ends: what fails at one of them closes the other. Nobody is called while it is held.
    private readonly Lock _lock;

    // The other end gets what was sent in its order, one call at a time.
    private readonly Lock _delivery = new();
    private ByteBuffer? _delivered = new();
    private readonly ByteBuffer _sent = new();

    // How many of these bytes may be delivered: what was left is kept back until it is flushed, as over a connection.
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

    public bool MayFallSilent => false;

    /// <summary>How many bytes this end has sent, not only left, that were not delivered yet.</summary>
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
    /// <param name="names">Who is at the other end of the first one, and of the second.</param>
    /// <param name="hasSent">Called when an end has sent something, so that it is delivered later; null where it is delivered at
    /// once.</param>
    /// <param name="hasClosed">Called when an end was closed by its owner, so that the other one is told later (<see cref="Lose"/>); null
    /// where it is told at once.</param>
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
        Leave(bytes);
        Flush();
    }

    public void Leave(ReadOnlySpan<byte> bytes)
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
    /// <param name="most">The most bytes to deliver.</param>
    public void Deliver(int most)
    {
        lock (_delivery)
        {
            // A call within this one has its own.
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

    /// <summary>Breaks the link: both ends learn of it, and what was not delivered is lost.</summary>
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
    /// Cuts the link: nothing goes over it any more, also not that an end was closed. Who is at an end learns of it by <see cref="Lose"/>.
    /// </summary>
    public void Cut()
    {
        lock (_lock)
        {
            _isCut = _other._isCut = true;
        }
    }

    /// <summary>Tells who is at this end, and did not close it, that the link is gone.</summary>
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
