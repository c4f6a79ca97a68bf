using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>A way to a broker that a test can cut: whoever takes it is then cut off, while others still reach the broker.</summary>
public sealed class Network : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private CancellationTokenSource _connections = new();
    private volatile bool _isCut;
    private int _port;

    public Network()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the way begins.</summary>
    public string Address => Of(((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>A listener of the broker whose clients take this way.</summary>
    public IEnumerable<string> Properties(int port)
    {
        _port = FreePort.Find();
        var controller = Of(FreePort.Find());
        return
        [
            $"listeners=PLAINTEXT://{Of(port)},FAR://{Of(_port)},CONTROLLER://{controller}",
            $"advertised.listeners=PLAINTEXT://{Of(port)},FAR://{Address},CONTROLLER://{controller}",
            $"controller.quorum.bootstrap.servers={controller}",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,FAR:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=PLAINTEXT",
        ];
    }

    /// <summary>Breaks all connections, and lets none be made.</summary>
    public void Cut()
    {
        _isCut = true;
        Interlocked.Exchange(ref _connections, new CancellationTokenSource()).Cancel();
    }

    public void Heal() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _connections.Dispose();
    }

    private static string Of(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _connections.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task PassAsync(TcpClient near, CancellationToken cut)
    {
        using (near)
        using (var far = new TcpClient())
        {
            try
            {
                if (!_isCut)
                {
                    await far.ConnectAsync(IPAddress.Loopback, _port, cut);
                    await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), cut), far.GetStream().CopyToAsync(near.GetStream(), cut));
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
            {
                // Cut, or one side is gone.
            }
        }
    }
}
