using System.Net.Sockets;
using Penstock.Streams;
using Penstock.Threads;

namespace Penstock.Network.Links;

/// <summary>
/// A link over a TCP connection. One thread writes, each time everything that was sent in the meantime; another thread reads.
/// </summary>
internal sealed class TcpLink : ILink
{
    private const int SentAtOnce = 64 * 1024;
    private const int ReceivedAtOnce = 256 * 1024;
    private const int MaxKept = 16 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly object _lock = new();
    private ByteBuffer _pending = new(MaxKept);
    private ByteBuffer _sending = new(MaxKept);
    private ILinkReceiver? _receiver;
    private bool _isClosed;

    // Indicates whether pending bytes are to be sent now.
    private bool _isFlushed;

    /// <param name="socket">A connected socket, which the link owns from now on.</param>
    /// <param name="name">The name of the other end.</param>
    public TcpLink(Socket socket, string name)
    {
        _socket = socket;
        _socket.NoDelay = true;
        Name = name;
    }

    public string Name { get; }

    public bool NeedsHeartbeats => true;

    public void Start(ILinkReceiver receiver)
    {
        _receiver = receiver;
        OwnThread.Start($"Penstock to {Name}", Write);
        OwnThread.Start($"Penstock from {Name}", Read);
    }

    public void Send(ReadOnlySpan<byte> bytes) => Send(bytes, isUrgent: true);

    public void SendBuffered(ReadOnlySpan<byte> bytes) => Send(bytes, isUrgent: false);

    public void Flush()
    {
        lock (_lock)
        {
            if (_pending.Length > 0)
            {
                WakeWriter();
            }
        }
    }

    private void Send(ReadOnlySpan<byte> bytes, bool isUrgent)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _pending.Add(bytes);
            if (isUrgent || _pending.Length >= SentAtOnce)
            {
                WakeWriter();
            }
        }
    }

    private void WakeWriter()
    {
        _isFlushed = true;
        Monitor.Pulse(_lock);
    }

    public void Dispose()
    {
        if (Close())
        {
            CloseSocket();
        }
    }

    private bool Close()
    {
        lock (_lock)
        {
            var isFirst = !_isClosed;
            _isClosed = true;
            Monitor.Pulse(_lock);
            return isFirst;
        }
    }

    // The other end, and the threads of this end, see the end of the stream instead of an error.
    private void CloseSocket()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is already closed.
        }

        _socket.Dispose();
    }

    private void Write()
    {
        try
        {
            while (TakePending())
            {
                for (var bytes = (ReadOnlySpan<byte>)_sending.Written; !bytes.IsEmpty;)
                {
                    bytes = bytes[_socket.Send(bytes)..];
                }

                _sending.Clear();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Break(error);
        }
    }

    private bool TakePending()
    {
        lock (_lock)
        {
            while (!_isFlushed && !_isClosed)
            {
                Monitor.Wait(_lock);
            }

            _isFlushed = false;

            (_pending, _sending) = (_sending, _pending);
            return !_isClosed;
        }
    }

    private void Read()
    {
        var buffer = new byte[ReceivedAtOnce];
        try
        {
            while (_socket.Receive(buffer) is > 0 and var count)
            {
                _receiver!.Receive(buffer.AsSpan(0, count));
            }

            Break(new IOException("the other end has closed the connection"));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Break(error);
        }
    }

    private void Break(Exception error)
    {
        if (Close())
        {
            CloseSocket();
            _receiver!.Break(error);
        }
    }
}
