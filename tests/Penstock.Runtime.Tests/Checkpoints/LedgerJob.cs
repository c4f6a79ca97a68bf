using System.Globalization;
using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Network.Links;
using Penstock.Tasks;
using Penstock.Testing;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>A keyed and a windowed state over files in memory, run until so many rows were read, and then crashed.</summary>
/// <param name="files">The file system.</param>
/// <param name="rate">The most rows per second.</param>
/// <param name="job">The folder below which checkpoints are.</param>
/// <param name="output">The folder below which output is.</param>
internal sealed class LedgerJob(SimulatedFiles files, double rate = 40_000, string job = "", string output = "")
{
    private readonly string _folder = job + "/checkpoints";

    /// <summary>The savepoint to start from.</summary>
    public string? StartFrom { get; init; }

    /// <summary>The place below which savepoints go that are requested without one.</summary>
    public string? Savepoints { get; init; } = "/savepoints";

    /// <summary>Whether the subtasks lie on two nodes.</summary>
    public bool HasTwoNodes { get; init; }

    /// <summary>Called with the environment of each attempt that another node joins.</summary>
    public Action<ExecutionEnvironment> Joining { get; init; } = static _ => { };

    /// <summary>The time between two checkpoints of a pipeline that runs by itself.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The files in the folder of checkpoints.</summary>
    public IEnumerable<string> CheckpointFiles => files.Files.Where(path => path.StartsWith(_folder + "/", StringComparison.Ordinal));

    /// <summary>Runs the pipeline to its end.</summary>
    public async Task<PipelineStatus> RunAsync(int parallelism = 1)
    {
        var runner = Runner(parallelism);
        await runner.RunAsync(CancellationToken.None);
        return runner.Status();
    }

    /// <summary>Creates the pipeline, to be run.</summary>
    public PipelineRunner Runner(int parallelism = 1) => Environment(parallelism).RunnerOf<LedgerPipeline>();

    /// <summary>Starts, takes some checkpoints while rows are read, and crashes.</summary>
    /// <param name="checkpoints">How many.</param>
    /// <param name="parallelism">At which parallelism.</param>
    /// <param name="isTooLate">Which of them have no time at all.</param>
    /// <returns>How many failed.</returns>
    public async Task<int> RunAndCrashAsync(int checkpoints, int parallelism = 1, Func<int, bool>? isTooLate = null)
    {
        var environment = Environment(parallelism);
        using var attempt = await Attempt.RestoreAsync(PipelineDefinition.Of<LedgerPipeline>(), environment, OpenStore());
        attempt.Start();
        var failed = 0;
        for (var taken = 0; taken < checkpoints; taken++)
        {
            environment.Options.Checkpoints.Timeout = isTooLate?.Invoke(taken) == true ? TimeSpan.FromTicks(1) : TimeSpan.FromMinutes(1);
            try
            {
                await attempt.CheckpointAsync();
            }
            catch (CheckpointFailedException)
            {
                failed++;
            }
        }

        await attempt.CrashAsync();
        return failed;
    }

    /// <summary>Opens the checkpoints.</summary>
    public CheckpointStore OpenStore() => new(new FolderStorage(files, _folder, "Ledger"), Guid.NewGuid);

    /// <summary>The visible rows of one of the sinks, sorted.</summary>
    public string[] Rows(string folder) =>
        [.. files.Visible(output + folder + "/").SelectMany(path => files.LinesOf(path).Skip(1)).Order(StringComparer.Ordinal)];

    /// <summary>Compares both sinks with what plain loops over the input make of it.</summary>
    public void AssertAnswer()
    {
        var clicks = files.LinesOf("/in/clicks.csv").Skip(1).Select(static line => line.Split(',')).ToList();
        var ledger = clicks
            .GroupBy(click => click[0])
            .SelectMany(user => Enumerable.Range(1, user.Count()).Select(count => $"{user.Key},{count}"));
        Assert.Equal(ledger.Order(StringComparer.Ordinal), Rows("/ledger"));
        var windows = clicks.GroupBy(click =>
            (User: click[0], Window: DateTime.Parse(click[1], CultureInfo.InvariantCulture).Ticks / TimeSpan.TicksPerSecond / 10))
            .Select(window => string.Create(
                CultureInfo.InvariantCulture,
                $"{window.Key.User},{new DateTime(window.Key.Window * 10 * TimeSpan.TicksPerSecond):yyyy-MM-ddTHH:mm:ss}Z,{window.Count()},{window.Sum(click => int.Parse(click[2], CultureInfo.InvariantCulture))}"));
        Assert.Equal(windows.Order(StringComparer.Ordinal), Rows("/out"));
    }

    private ExecutionEnvironment Environment(int parallelism)
    {
        var options = new PipelineOptions { Parallelism = parallelism, BatchSize = 16, ChannelCapacity = 2 };
        options.Checkpoints.Path = _folder;
        options.Savepoints.Path = Savepoints;
        options.Savepoints.StartFrom = StartFrom;
        options.Checkpoints.Interval = Interval;
        options.Restart.Strategy = RestartStrategy.None;
        options.Sources["Clicks"] = new SourceOptions { Path = "/in/clicks.csv", SplitSize = 20_000, Rate = rate };
        options.Sinks["Counts"] = new SinkOptions { Path = output + "/out/counts.csv" };
        options.Sinks["Ledger"] = new SinkOptions { Path = output + "/ledger/ledger.csv" };
        return TestEnvironment.Create("Ledger", options) with
        {
            Files = files,
            OtherNode = HasTwoNodes ? new ObservedNode(Joining) : null,
        };
    }

    private sealed class ObservedNode(Action<ExecutionEnvironment> joining) : INodeConnector
    {
        private readonly InProcessNode _node = new(static () => MemoryLink.Create(("the second node", "the first node")));

        public Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop)
        {
            joining(environment);
            return _node.ConnectAsync(definition, environment, stop);
        }
    }
}
