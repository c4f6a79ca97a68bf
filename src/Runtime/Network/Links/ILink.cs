namespace Penstock.Network.Links;

/// <summary>A connection to another node that carries bytes both ways, each way in their order. It may break after any byte.</summary>
internal interface ILink : IDisposable
{
    /// <summary>Who is at the other end, for messages.</summary>
    string Name { get; }

    /// <summary>
    /// Whether it may say nothing for ever when the other end is gone, so that both ends must be heard of from time to time.
    /// </summary>
    bool MayFallSilent { get; }

    /// <summary>Begins to deliver what comes in, including what has come before.</summary>
    /// <param name="receiver">Takes it, one call at a time.</param>
    void Start(ILinkReceiver receiver);

    /// <summary>
    /// Sends bytes, and waits for nothing: what the link cannot send at once it keeps. The credits of the channels bound how much that is.
    /// On any thread.
    /// </summary>
    /// <param name="bytes">The bytes; they are another caller's again when the call returns.</param>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Sends bytes as <see cref="Send"/> does, or keeps them until it has more of them, or until something is sent, or <see cref="Flush"/>
    /// is called. On any thread.
    /// </summary>
    /// <param name="bytes">The bytes; they are another caller's again when the call returns.</param>
    void Leave(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what was left. On any thread.</summary>
    void Flush();
}

/// <summary>Takes what comes over a link.</summary>
internal interface ILinkReceiver
{
    /// <summary>Takes the next bytes, however they were sent: what belongs together may come in several calls.</summary>
    void Receive(ReadOnlySpan<byte> bytes);

    /// <summary>Notes that nothing more comes in, and nothing more goes out. Not called when this end was disposed.</summary>
    /// <param name="error">What has happened.</param>
    void Break(Exception error);
}
