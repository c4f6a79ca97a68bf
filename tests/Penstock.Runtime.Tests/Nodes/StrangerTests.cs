using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>
/// A connection to the coordinator from outside of the job is refused without further effects: the job waits for its node, or continues.
/// </summary>
public sealed class StrangerTests : IDisposable
{
    private const int Rides = 200;

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-strangers-").FullName;
    private readonly CollectedLogs _logs = new();
    private readonly TcpNodeConnector _connector = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Test);
    private readonly CancellationTokenSource _nodes = CancellationTokenSource.CreateLinkedTokenSource(Test);
    private readonly List<Task> _strangers = [];

    public StrangerTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        File.WriteAllText(
            Path.Combine(_folder, "in", "rides-0.csv"),
            "User,At,Amount\n"
                + string.Concat(Enumerable
                    .Range(0, Rides)
                    .Select(static number => string.Create(
                        CultureInfo.InvariantCulture,
                        $"u{number % 7},{RideFiles.Start + number * RideFiles.Second},1\n"))));
    }

    public static TheoryData<string, string> All => new()
    {
        { "another job", "the coordinator runs job" },
        { "another build", "node 1 runs another program than the coordinator" },
        { "text", "the header of a frame is damaged" },
        { "noise", "the header of a frame is damaged" },
        { "another message", "a coordinator expects no message Fail now" },
        { "a frame of another attempt", "a frame belongs to attempt 7, and this is attempt 1" },
        { "the end", "the other end has closed the connection" },
    };

    private static PipelineDefinition Definition => PipelineDefinition.Of<NodePipeline>();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task One_who_comes_first_is_refused_and_the_node_of_the_job_joins(string stranger, string problem)
    {
        var (runner, running) = Start(rate: 6_000);
        Connect(stranger);
        await PipelineWaiting.UntilAsync(running, () => Refusals().Any(text => text.Contains(problem, StringComparison.Ordinal)));
        await RunNodeWhileAsync(running);
        var status = runner.Status();
        Assert.Equal((PipelineState.Finished, 0, Rides), (status.State, status.Restarts, (int)status.Rows));
        Assert.Equal(Totals(), Lines("totals"));
    }

    [Fact]
    public async Task A_stop_before_the_node_of_the_job_has_joined_is_no_failure()
    {
        var (runner, running) = Start(rate: 6_000);
        Connect("text");
        await PipelineWaiting.UntilAsync(running, () => Refusals().Count > 0);
        await _stop.CancelAsync();
        await running.WaitAsync(Test);
        Assert.Equal((PipelineState.Stopped, null), (runner.Status().State, runner.Status().Error));
        Assert.DoesNotContain(_logs.Entries, static entry => entry.Level >= LogLevel.Error);
        await EndAsync(Task.CompletedTask);
    }

    [Fact]
    public async Task A_job_that_runs_does_not_notice_them_and_refuses_them_when_its_node_has_gone()
    {
        var (runner, running) = Start(rate: 1);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var node = new NodeRunner(Definition, Environment("a"), () => _connector.Address).RunAsync(first.Token);
        await HasCheckpointAsync(0);
        Connect("text");
        Connect("another job");
        await HasCheckpointAsync(runner.Status().LastCheckpoint!.Id + 2);
        Assert.Equal(0, runner.Status().Restarts);
        Assert.Empty(Refusals());
        await first.CancelAsync();
        await node.WaitAsync(Test);
        await PipelineWaiting.UntilAsync(running, () => Refusals().Count >= 2);
        Assert.Contains(Refusals(), static text => text.Contains("the header of a frame is damaged", StringComparison.Ordinal));
        Assert.Contains(Refusals(), static text => text.Contains("the coordinator runs job", StringComparison.Ordinal));
        var before = runner.Status().LastCheckpoint!.Id;
        var again = RunNodeAsync(Definition, "a");
        await HasCheckpointAsync(before);
        Assert.Equal(1, runner.Status().Restarts);
        await _stop.CancelAsync();
        await running.WaitAsync(Test);
        Assert.Equal(PipelineState.Stopped, runner.Status().State);
        await EndAsync(again);

        Task HasCheckpointAsync(long behind) =>
            PipelineWaiting.UntilAsync(running, () => runner.Status().LastCheckpoint is { } last && last.Id > behind);
    }

    [Fact]
    public async Task Many_that_come_at_once_are_refused_one_after_the_other_with_pauses_so_that_they_do_not_fill_the_log()
    {
        const int many = 4;
        var begun = Stopwatch.GetTimestamp();
        var (_, running) = Start(rate: 6_000);
        for (var number = 0; number < many; number++)
        {
            Connect("text");
        }

        await PipelineWaiting.UntilAsync(running, () => Refusals().Count == many);

        // 100, 200 and 400 ms between the attempts, minus the resolution of the clock.
        Assert.True(
            Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMilliseconds(650),
            $"All {many} were refused after {Stopwatch.GetElapsedTime(begun)}.");
        await RunNodeWhileAsync(running);
        Assert.Equal(Totals(), Lines("totals"));
    }

    [Fact]
    public async Task A_node_that_is_refused_asks_less_and_less_often_until_it_belongs_to_a_job()
    {
        var time = new ManualTimeProvider();
        var environment = Environment("a") with { Time = time };
        environment.Options.ShutdownTimeout = TimeSpan.FromHours(1);
        var job = JobOf(environment);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var node = new NodeRunner(Definition, environment, () => (IPEndPoint)listener.LocalEndpoint).RunAsync(_nodes.Token);
        foreach (var milliseconds in new[] { 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000 })
        {
            Assert.Equal(FailureKind.JoinRefused, (await RequestAsync(listener, "another program", job))?.Kind);
            await WaitsForAsync(milliseconds);
        }

        Assert.Null(await RequestAsync(listener, JobProgram.Of(Definition, environment.Options), job));
        Assert.Equal(FailureKind.JoinRefused, (await RequestAsync(listener, "another program", job))?.Kind);
        await WaitsForAsync(100);
        await EndAsync(node);

        // Its next timer is the one for which it waits.
        async Task WaitsForAsync(int milliseconds)
        {
            var pause = TimeSpan.FromMilliseconds(milliseconds);
            await Waiting.UntilAsync(
                () => time.NextDue - time.GetUtcNow() == pause,
                () => node.IsCompleted ? "the node has ended" : null,
                state: () => $"Its next timer is due in {time.NextDue - time.GetUtcNow()}.");
            Assert.False(listener.Pending());
            time.Advance(pause);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _nodes.Cancel();
        _connector.Dispose();
        _logs.Dispose();
        _stop.Dispose();
        _nodes.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string JobOf(ExecutionEnvironment environment)
    {
        using var store = new CheckpointStore(CheckpointStorageResolver.Of(environment), Guid.NewGuid);
        return store.OpenJob();
    }

    // As the coordinator of a job does.
    private static async Task<NodeFailure?> RequestAsync(TcpListener listener, string program, string job)
    {
        var link = new TcpLink(await listener.AcceptSocketAsync(Test).AsTask().WaitAsync(Waiting.Timeout, Test), "node 1");
        using var peer = new Peer("NodePipeline", link, 1, TimeProvider.System);
        var owner = new Asking();
        peer.Start(owner);
        peer.Send(new ControlMessage.Join(ControlMessage.Version, program, job, 1, 2, 1, false));
        return (await owner.Answer.WaitAsync(Waiting.Timeout, Test)).Failure;
    }

    private (PipelineRunner Runner, Task Running) Start(double rate)
    {
        var environment = Environment("a") with { OtherNode = _connector, Log = _logs };
        environment.Options.Sources[nameof(NodePipeline.Rides)].Rate = rate;
        var runner = environment.RunnerOf<NodePipeline>();
        return (runner, runner.RunAsync(_stop.Token));
    }

    private async Task RunNodeWhileAsync(Task running)
    {
        var node = RunNodeAsync(Definition, "a");
        await running.WaitAsync(Test);
        await EndAsync(node);
    }

    private async Task EndAsync(Task node)
    {
        await _nodes.CancelAsync();
        await Task.WhenAll([node, .. _strangers]).WaitAsync(Test);
    }

    private void Connect(string stranger) => _strangers.Add(stranger switch
    {
        "another job" => RunOtherJobAsync(),

        // The code of another module creates its tasks.
        "another build" => RunNodeAsync(Definition with { CreateTask = Definition.CreateTask.Invoke }, "a"),
        "text" => SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()),
        "noise" => SendAsync(Noise()),
        "another message" => SendAsync(Message(1)),
        "a frame of another attempt" => SendAsync(Message(7)),
        "the end" => SendAsync([]),
        _ => throw new ArgumentException(stranger, nameof(stranger)),
    });

    private Task RunOtherJobAsync()
    {
        JobOf(Environment("b"));
        return RunNodeAsync(Definition, "b");
    }

    private Task RunNodeAsync(PipelineDefinition definition, string job) =>
        new NodeRunner(definition, Environment(job), () => _connector.Address).RunAsync(_nodes.Token);

    // Sends bytes, and reads until the coordinator closes the connection. Without bytes to send, it closes its own side after the first
    // answer.
    private async Task SendAsync(byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_connector.Address, Test);
        var stream = client.GetStream();
        await stream.WriteAsync(bytes, Test);
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, _nodes.Token) > 0)
            {
                if (bytes.Length == 0)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The connection was reset, or the test is over.
        }
    }

    private static byte[] Noise()
    {
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    // A message that only a node of the job sends, and that would end the job.
    private static byte[] Message(int attempt)
    {
        var sent = new Sent();
        using var peer = new Peer("NodePipeline", sent, attempt, TimeProvider.System);
        peer.Send(new ControlMessage.Fail(NodeFailure.Of(new PipelineException(PipelineErrorCode.Custom, "The job is over."))));
        return [.. sent.Bytes];
    }

    private ExecutionEnvironment Environment(string job)
    {
        var options = NodeProcess.OptionsOf(_folder, parallelism: 2);
        options.Checkpoints.Path = Path.Combine(_folder, job, "checkpoints");
        return TestEnvironment.Create("NodePipeline", options) with { Files = LocalFileSystem.Instance };
    }

    private List<string> Refusals() =>
        [.. _logs.Entries
            .Where(static entry => entry.Level == LogLevel.Warning && entry.Text.Contains(" does not join. ", StringComparison.Ordinal))
            .Select(static entry => entry.Text)];

    private static List<string> Totals() =>
        [.. Enumerable.Range(0, Rides)
            .Select(static number => string.Create(CultureInfo.InvariantCulture, $"u{number % 7},{number / 7 + 1},{number / 7 + 1}"))
            .Order(StringComparer.Ordinal)];

    private List<string> Lines(string name) =>
        [.. Directory.GetFiles(Path.Combine(_folder, "out"), $"{name}-*.csv")
            .SelectMany(static file => File.ReadLines(file).Skip(1))
            .Order(StringComparer.Ordinal)];

    private sealed class Asking : IPeerOwner
    {
        private readonly TaskCompletionSource<ControlMessage.Answer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ControlMessage.Answer> Answer => _answer.Task;

        public void Receive(ReadOnlySpan<byte> message) => _answer.TrySetResult((ControlMessage.Answer)ControlFormat.Read(message));

        public void Break(PipelineException error) => _answer.TrySetException(error);
    }

    private sealed class Sent : ILink
    {
        public List<byte> Bytes { get; } = [];

        public string Name => "the coordinator";

        public bool NeedsHeartbeats => false;

        public void Start(ILinkReceiver receiver) => throw new NotSupportedException();

        public void Send(ReadOnlySpan<byte> bytes) => Bytes.AddRange(bytes);

        public void SendBuffered(ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

        public void Flush() => throw new NotSupportedException();

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
