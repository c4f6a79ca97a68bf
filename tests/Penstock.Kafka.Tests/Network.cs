using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>
/// A network path to a broker that a test can cut. Clients on this path are then cut off, while others still reach the broker.
/// </summary>
public sealed class Network : IAsyncDisposable
{
    // The number of a request in the protocol, after its length.
    private const short EndOfTransaction = 26;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private CancellationTokenSource _connections = new();
    private volatile bool _isCut;
    private volatile bool _losesEnds;
    private int _port;

    public Network()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The address that clients connect to.</summary>
    public string Address => Of(((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>A listener of the broker whose clients use this path.</summary>
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

    /// <summary>Breaks all connections, and refuses new ones.</summary>
    public void Cut()
    {
        _isCut = true;
        Interlocked.Exchange(ref _connections, new CancellationTokenSource()).Cancel();
    }

    public void Heal() => _isCut = false;

    /// <summary>From now on, a request for the end of a transaction gets no answer, although the broker executes it.</summary>
    public void LoseEndsOfTransactions() => _losesEnds = true;

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
                    var answers = new Answers();
                    await Task.WhenAny(
                        AskAsync(near.GetStream(), far.GetStream(), answers, cut),
                        AnswerAsync(far.GetStream(), near.GetStream(), answers, cut));
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
            {
                // The connection was cut, or one side has closed it.
            }
        }
    }

    private async Task AskAsync(NetworkStream near, NetworkStream far, Answers answers, CancellationToken cut)
    {
        var request = new byte[1024 * 1024];
        while (true)
        {
            await near.ReadExactlyAsync(request.AsMemory(0, sizeof(int)), cut);
            var end = sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(request);
            if (end > request.Length)
            {
                Array.Resize(ref request, end);
            }

            await near.ReadExactlyAsync(request.AsMemory(sizeof(int), end - sizeof(int)), cut);
            answers.AreLost |= _losesEnds && BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(sizeof(int))) == EndOfTransaction;
            await far.WriteAsync(request.AsMemory(0, end), cut);
        }
    }

    private static async Task AnswerAsync(NetworkStream far, NetworkStream near, Answers answers, CancellationToken cut)
    {
        var block = new byte[64 * 1024];
        while (await far.ReadAsync(block, cut) is > 0 and var count)
        {
            if (!answers.AreLost)
            {
                await near.WriteAsync(block.AsMemory(0, count), cut);
            }
        }
    }

    /// <summary>What happens to the answers on a connection.</summary>
    private sealed class Answers
    {
        private volatile bool _areLost;

        public bool AreLost
        {
            get => _areLost;
            set => _areLost = value;
        }
    }
}
