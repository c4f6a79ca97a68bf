using Penstock.Network.Links;

namespace Penstock.Runtime.Tests.Network.Links;

/// <summary>A connection whose other end may disappear silently: then nothing that is sent arrives, and nothing is received.</summary>
internal sealed class SilentLink : ILink
{
    private SilentLink _other = null!;
    private ILinkReceiver? _receiver;

    public string Name { get; private init; } = "";

    public bool MayFallSilent => true;

    /// <summary>Whether the connection is cut.</summary>
    public bool IsCut { get; set; }

    public bool IsDisposed { get; private set; }

    public static (SilentLink First, SilentLink Second) Create()
    {
        var (first, second) = (new SilentLink { Name = "node 1" }, new SilentLink { Name = "the coordinator" });
        (first._other, second._other) = (second, first);
        return (first, second);
    }

    public void Start(ILinkReceiver receiver) => _receiver = receiver;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsCut && !_other.IsCut)
        {
            _other._receiver?.Receive(bytes);
        }
    }

    public void Leave(ReadOnlySpan<byte> bytes) => Send(bytes);

    public void Flush()
    {
    }

    public void Dispose() => IsDisposed = true;
}
