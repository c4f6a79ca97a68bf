using System.Net;
using System.Net.Sockets;

namespace Penstock.Tests.Shared;

/// <summary>Finds free ports. Another process that looks for one at the same time may get the same port.</summary>
public static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
