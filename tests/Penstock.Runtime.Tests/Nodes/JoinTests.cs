using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MemoryPack;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Streams;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>What a node and its coordinator check before an attempt.</summary>
public sealed class JoinTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-join-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static PipelineDefinition Definition => PipelineDefinition.Of<NodePipeline>();

    [Fact]
    public async Task A_node_that_runs_another_program_is_refused()
    {
        var problem = await RefusedAsync(Environment("a", batchSize: 64), Environment("a", batchSize: 65));
        Assert.Equal(
            "PSR802: Pipeline 'NodePipeline': node 1 runs another program than the coordinator, or has other options. Run the same build with the same configuration on all nodes.",
            problem);
    }

    // The bytes of a channel do not contain the layout of a row.
    [Fact]
    public void A_program_whose_row_types_come_from_another_build_is_another_one()
    {
        var one = ProgramOf(BatchCodec.Of<long, Codec<long>>());
        Assert.Equal(one, ProgramOf(BatchCodec.Of<long, Codec<long>>()));
        Assert.Equal(one, ProgramOf(BatchCodec.Of<int, Codec<int>>()));
        Assert.NotEqual(one, ProgramOf(BatchCodec.Of<Total, Codec<Total>>()));

        static string ProgramOf(BatchCodec codec) => JobProgram.Of(
            Definition with
            {
                Plan = new PipelinePlan(
                "Test",
                [],
                [new PlanTask("A", [], []), new PlanTask("B", [new PlanEdge("A", 0, Partitioning.Hash) { Codec = codec }], [])])
            },
            new PipelineOptions());
    }

    [Fact]
    public void A_node_with_another_option_of_a_source_or_sink_runs_another_program()
    {
        var changes = new Dictionary<string, Action<PipelineOptions>>
        {
            ["MaxDrift"] = static options => options.MaxDrift = TimeSpan.FromHours(1),
            ["a new source"] = static options => options.Sources["More"] = new SourceOptions(),
            ["a new sink"] = static options => options.Sinks["More"] = new SinkOptions(),
            ["an option of a source's connector"] = static options => options.Sources["In"].Settings["Topics"] = "other",
            ["an option of a sink's connector"] = static options => options.Sinks["Out"].Settings["Topic"] = "other",
        };
        AddChangesOf<SourceOptions>(changes, static options => options.Sources["In"], except: nameof(SourceOptions.Rate));
        AddChangesOf<SinkOptions>(changes, static options => options.Sinks["Out"]);
        Assert.InRange(changes.Count, 14, 30);
        var programs = changes.ToDictionary(static change => change.Key, static change => ProgramWith(change.Value));
        programs["nothing"] = ProgramWith(static _ => { });
        Assert.Equal(ProgramWith(static _ => { }), programs["nothing"]);
        Assert.Equal(programs["nothing"], ProgramWith(static options => options.Sources["In"].Rate = 5));
        Assert.All(
            programs.GroupBy(static program => program.Value),
            static same => Assert.True(same.Count() == 1, $"The same program: {string.Join(", ", same.Select(static program => program.Key))}"));

        static string ProgramWith(Action<PipelineOptions> change)
        {
            var options = new PipelineOptions();
            options.Sources["In"] = new SourceOptions();
            options.Sinks["Out"] = new SinkOptions();
            change(options);
            return JobProgram.Of(Definition, options);
        }
    }

    // Each option that can be set, with a value that is not its default.
    private static void AddChangesOf<T>(
        Dictionary<string, Action<PipelineOptions>> changes, Func<PipelineOptions, T> of, string? except = null)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite && property.Name != except))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object value = type == typeof(string) ? "other"
                : type == typeof(TimeSpan) ? TimeSpan.FromMinutes(7)
                : type == typeof(long) ? 77L
                : type == typeof(bool) ? true
                : type == typeof(BadRowPolicy) ? BadRowPolicy.Skip
                : type == typeof(IReadOnlyList<string>) ? new[] { "a.csv" }
                : throw new InvalidOperationException($"{property.Name} is of type {type}, which this test does not know.");
            changes.Add($"{typeof(T).Name}.{property.Name}", options => property.SetValue(of(options), value));
        }
    }

    // While the next attempt is delayed, a node that waits in vain closes one connection after the other.
    [Fact]
    public async Task Connections_that_the_node_has_given_up_are_passed_over()
    {
        using var connector = new TcpNodeConnector(new IPEndPoint(IPAddress.Loopback, 0));
        for (var i = 0; i < 5; i++)
        {
            using var givenUp = new TcpClient();
            await givenUp.ConnectAsync(connector.Address, Stop);
        }

        using var waiting = new TcpClient();
        await waiting.ConnectAsync(connector.Address, Stop);
        using var later = new TcpClient();
        await later.ConnectAsync(connector.Address, Stop);
        using var link = await connector.ConnectAsync(Definition, Environment("a"), Stop);
        Assert.EndsWith($":{((IPEndPoint)waiting.Client.LocalEndPoint!).Port}", link.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_job_is_refused_although_its_program_is_the_same()
    {
        var (here, there) = (Environment("a"), Environment("b"));
        var other = JobOf(there);
        var problem = await RefusedAsync(here, there);
        Assert.Equal(
            $"PSR803: Pipeline 'NodePipeline': the coordinator runs job {JobOf(here)}, and the checkpoints of node 1, in '{there.Options.Checkpoints.Path}', are those of job {other}. "
            + "All nodes of a job need the same place for checkpoints (Checkpoints:Path), and two jobs need an address of the coordinator each.",
            problem);
    }

    [Fact]
    public async Task A_node_whose_checkpoint_folder_belongs_to_no_job_is_refused()
    {
        var there = Environment("b");
        var problem = await RefusedAsync(Environment("a"), there);
        Assert.Contains(
            $"the checkpoints of node 1, in '{there.Options.Checkpoints.Path}', are those of no job.",
            problem,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_cannot_read_its_job_is_refused()
    {
        var files = new SimulatedFiles();
        var there = Environment("b") with { Files = files };
        JobOf(there);
        files.BeforeOpen = static path => throw new UnauthorizedAccessException($"Access to '{path}' is denied.");
        var problem = await RefusedAsync(Environment("a"), there);
        Assert.StartsWith(
            $"PSR803: Pipeline 'NodePipeline': node 1 cannot read whose checkpoints are in '{there.Options.Checkpoints.Path}': Access to '{Path.Combine(there.Options.Checkpoints.Path!, "job")}' is denied. All nodes of a job",
            problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_the_same_job_joins()
    {
        using var logs = new CollectedLogs();
        var here = Environment("a") with { Log = logs };
        using var connector = new TcpNodeConnector(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var node = new NodeRunner(Definition, Environment("a"), () => connector.Address).RunAsync(stop.Token);
        (await RemoteNode.JoinAsync(Definition, here, connector, JobOf(here), 1, Stop)).Dispose();
        Assert.Empty(logs.Entries);
        await stop.CancelAsync();
        await node.WaitAsync(Stop);
    }

    [Theory]
    [InlineData(nameof(ControlMessage.Load))]
    [InlineData(nameof(ControlMessage.OpenSources))]
    [InlineData(nameof(ControlMessage.Start))]
    [InlineData(nameof(ControlMessage.Trigger))]
    [InlineData(nameof(ControlMessage.Complete))]
    [InlineData(nameof(ControlMessage.Abort))]
    [InlineData(nameof(ControlMessage.Answer))]
    public async Task A_message_that_a_node_does_not_expect_before_it_has_joined_ends_the_attempt(string message)
    {
        var logs = new CollectedLogs();
        var (near, far) = MemoryLink.Create(("node 1", "the coordinator"));
        using var coordinator = new Peer("NodePipeline", near, 7, TimeProvider.System);
        coordinator.Start(new Ignoring());
        var manager = new TaskManager(Definition, Environment("a") with { Log = logs }, far);
        coordinator.Send(message switch
        {
            nameof(ControlMessage.Load) => new ControlMessage.Load(null, null, 1),
            nameof(ControlMessage.OpenSources) => new ControlMessage.OpenSources([], false),
            nameof(ControlMessage.Start) => new ControlMessage.Start(1, []),
            nameof(ControlMessage.Trigger) => new ControlMessage.Trigger(new CheckpointBarrier(1, CheckpointMode.Ordinary, IsWhole: true)),
            nameof(ControlMessage.Complete) => new ControlMessage.Complete(1),
            nameof(ControlMessage.Abort) => new ControlMessage.Abort(1),
            _ => new ControlMessage.Answer(null),
        });
        await manager.Closed.WaitAsync(Stop);
        Assert.Equal(
            $"Pipeline NodePipeline: the attempt is over on this node. It waits for the next one. PSR801: Pipeline 'NodePipeline': the connection to the coordinator has failed in attempt 7: a node expects no message {message} now",
            Assert.Single(logs.Entries, static entry => entry.Level == LogLevel.Warning).Text);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string JobOf(ExecutionEnvironment environment)
    {
        using var store = new CheckpointStore(CheckpointStorageResolver.Of(environment), Guid.NewGuid);
        return store.OpenJob();
    }

    // Over TCP, as between two processes. Both report the same reason.
    private static async Task<string> RefusedAsync(ExecutionEnvironment here, ExecutionEnvironment there)
    {
        using var logs = new CollectedLogs();
        using var others = new CollectedLogs();
        using var connector = new TcpNodeConnector(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var node = new NodeRunner(Definition, there with { Log = others }, () => connector.Address).RunAsync(stop.Token);
        var joining = RemoteNode.JoinAsync(Definition, here with { Log = logs }, connector, JobOf(here), 1, stop.Token);
        await Waiting.UntilAsync(
            () => logs.Entries.Count > 0,
            () => joining.IsCompleted ? $"the coordinator waits no longer: {joining.Exception}" : null);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining.WaitAsync(Stop));
        await node.WaitAsync(Stop);
        var (level, text, _) = others.Entries[0];
        var begin =
            $"Pipeline NodePipeline: this node was refused by the coordinator at {connector.Address} and retries at increasing intervals. ";
        Assert.Equal(LogLevel.Error, level);
        Assert.StartsWith(begin, text, StringComparison.Ordinal);
        var problem = text[begin.Length..];
        Assert.Matches(
            $@"^Pipeline NodePipeline: node 1 at \S+:\d+ does not join\. Its connection is closed, and the pipeline waits for another one\. {Regex.Escape(problem)}$",
            logs.Entries[0].Text);
        Assert.Equal(LogLevel.Warning, logs.Entries[0].Level);

        // It has not taken part in an attempt.
        Assert.DoesNotContain(others.Entries, static entry => entry.Text.Contains("the attempt is over", StringComparison.Ordinal));
        return problem;
    }

    private ExecutionEnvironment Environment(string job, int batchSize = 64)
    {
        var options = new PipelineOptions { Parallelism = 2, BatchSize = batchSize };
        options.Checkpoints.Path = Path.Combine(_folder, job, "checkpoints");
        return TestEnvironment.Create("NodePipeline", options) with { Files = LocalFileSystem.Instance };
    }

    private readonly struct Codec<T> : IRowCodec<T>
        where T : struct
    {
        public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in T row)
            where TBuffer : class, IBufferWriter<byte> => throw new NotSupportedException();

        public static T Read(ref MemoryPackReader reader) => throw new NotSupportedException();
    }

    private sealed class Ignoring : IPeerOwner
    {
        public void Receive(ReadOnlySpan<byte> message)
        {
            // The node that received the message too early does not answer.
        }

        public void Break(PipelineException error)
        {
            // It closes the connection.
        }
    }
}
