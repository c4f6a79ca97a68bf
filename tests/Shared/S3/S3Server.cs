using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.S3;

namespace Penstock.Tests.Shared;

/// <summary>
/// A real S3 server for one test, which may kill it and start it again: the command in <c>PENSTOCK_TEST_S3</c>. It is called with <c>--data
/// FOLDER --port PORT</c>, and accepts the access key <c>penstock</c> with the secret <c>penstock-secret</c>. The process of the command
/// must be the server itself.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Missing = "PENSTOCK_TEST_S3 does not name a command that starts an S3 server.";

    private const string Secret = "penstock-secret";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _data = Directory.CreateTempSubdirectory("penstock-s3-").FullName;
    private Process? _process;
    private int _port;

    private S3Server()
    {
    }

    public static bool IsAvailable => Command != null;

    public string Endpoint => $"http://127.0.0.1:{_port}";

    private static string? Command => Environment.GetEnvironmentVariable("PENSTOCK_TEST_S3") is { Length: > 0 } command ? command : null;

    /// <summary>Starts a server, or skips the test if none can be started.</summary>
    public static async Task<S3Server> StartAsync()
    {
        Assert.SkipUnless(IsAvailable, Missing);
        var server = new S3Server();

        // Another process that looks for a free port at the same time may get the same one.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            server._port = FreePort.Find();
            if (await server.TryStartAsync())
            {
                return server;
            }
        }

        throw new TimeoutException($"'{Command}' does not serve.");
    }

    /// <summary>Kills the server, as a power switch does.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts the server again, with its data and its port.</summary>
    public async Task RestartAsync() => Assert.True(await TryStartAsync(), "The server does not come back.");

    /// <summary>A client for the test itself.</summary>
    public AmazonS3Client Client(string secret = Secret) => new("penstock", secret, new AmazonS3Config
    {
        ServiceURL = Endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        Timeout = TimeSpan.FromSeconds(10),
    });

    public async Task CreateBucketAsync(string bucket)
    {
        using var client = Client();
        await client.PutBucketAsync(bucket);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process != null)
        {
            Kill();
        }

        await Task.Run(() => Directory.Delete(_data, recursive: true));
    }

    // The SDK finds these variables, in this process and in that of the sample.
    [ModuleInitializer]
    internal static void SetCredentials()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "penstock");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", Secret);
    }

    private async Task<bool> TryStartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Command!, ["--data", _data, "--port", _port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var client = Client();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && !_process.HasExited)
        {
            try
            {
                await client.ListBucketsAsync();
                return true;
            }
            catch (Exception error)
                when (error is AmazonS3Exception
                    or HttpRequestException
                    or Amazon.Runtime.AmazonClientException
                    or OperationCanceledException)
            {
                await Task.Delay(20);
            }
        }

        Kill();
        return false;
    }
}
