namespace Penstock.Network.Links;

/// <summary>A connection to another node that carries bytes in both directions, in order. It may break after any byte.</summary>
internal interface ILink : IDisposable
{
    /// <summary>The name of the other end, for messages.</summary>
    string Name { get; }

    /// <summary>
    /// Indicates whether the link may stay silent forever when the other end is gone, so that both ends must send something from time to
    /// time.
    /// </summary>
    bool NeedsHeartbeats { get; }

    /// <summary>Starts to deliver received bytes, including those received before.</summary>
    /// <param name="receiver">Receives the bytes, one call at a time.</param>
    void Start(ILinkReceiver receiver);

    /// <summary>
    /// Sends bytes without blocking: bytes that cannot be sent immediately are queued. The credits of the channels limit their number. May
    /// be called on any thread.
    /// </summary>
    /// <param name="bytes">The bytes; the caller may reuse the memory when the call returns.</param>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Sends bytes like <see cref="Send"/>, or buffers them until there are more of them, something is sent, or <see cref="Flush"/> is
    /// called. May be called on any thread.
    /// </summary>
    /// <param name="bytes">The bytes; the caller may reuse the memory when the call returns.</param>
    void SendBuffered(ReadOnlySpan<byte> bytes);

    /// <summary>Sends buffered bytes. May be called on any thread.</summary>
    void Flush();
}

/// <summary>Receives the bytes of a link.</summary>
internal interface ILinkReceiver
{
    /// <summary>Receives the next bytes. They may be split differently than they were sent.</summary>
    void Receive(ReadOnlySpan<byte> bytes);

    /// <summary>Reports that the link is broken in both directions. Not called if this end was disposed.</summary>
    /// <param name="error">The reason.</param>
    void Break(Exception error);
}
