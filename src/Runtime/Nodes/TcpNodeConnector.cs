using System.Net;
using System.Net.Sockets;
using Penstock.Network.Links;
using Penstock.Tasks;

namespace Penstock.Nodes;

/// <summary>
/// Accepts a TCP connection of the other node for each attempt. The other node connects when none of its work of an earlier attempt is
/// running (<see cref="NodeRunner"/>).
/// </summary>
internal sealed class TcpNodeConnector : INodeConnector, IDisposable
{
    private readonly TcpListener _listener;

    /// <param name="address">The address to listen on; port 0 for any free port.</param>
    public TcpNodeConnector(IPEndPoint address)
    {
        _listener = new TcpListener(address);
        _listener.Start();
    }

    /// <summary>The address on which it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop)
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync(stop);
            if (!IsGivenUp(socket))
            {
                return new TcpLink(socket, $"node 1 at {socket.RemoteEndPoint}");
            }

            socket.Dispose();
        }
    }

    public void Dispose() => _listener.Dispose();

    // A node that has waited in vain closes its connection and opens another one, so many of them may be queued before an attempt starts.
    private static bool IsGivenUp(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
}
