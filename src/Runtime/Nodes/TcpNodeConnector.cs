using System.Net;
using System.Net.Sockets;
using Penstock.Network.Links;
using Penstock.Tasks;

namespace Penstock.Nodes;

/// <summary>
/// Takes a connection of the other node for each attempt, over plain TCP. The other node connects when nothing of an earlier attempt is at
/// work on it (<see cref="NodeRunner"/>).
/// </summary>
internal sealed class TcpNodeConnector : INodeConnector, IDisposable
{
    private readonly TcpListener _listener;

    /// <param name="address">Where to listen; with port 0 at any that is free.</param>
    public TcpNodeConnector(IPEndPoint address)
    {
        _listener = new TcpListener(address);
        _listener.Start();
    }

    /// <summary>Where it listens.</summary>
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

    // A node that has waited in vain gives up its connection, and makes another one: while an attempt waits for its time, many of them
    // come.
    private static bool IsGivenUp(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
}
