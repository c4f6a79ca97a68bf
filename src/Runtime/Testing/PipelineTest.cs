using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Testing;

/// <summary>Starts tests of pipelines.</summary>
public static class PipelineTest
{
    /// <summary>
    /// Runs a pipeline in memory, on the thread of the caller: the same generated code as in production, with sources and
    /// sinks in the hands of the test.
    /// </summary>
    /// <typeparam name="T">A class marked with <see cref="PipelineAttribute"/>.</typeparam>
    /// <param name="configure">Sets options; <see cref="PipelineOptions.Parallelism"/> and <see cref="PipelineOptions.BatchSize"/> do not change answers.</param>
    /// <param name="services">The services that operators need.</param>
    /// <param name="splitsPerSource">How many splits each source has, at least 1; each has its own watermark.</param>
    /// <param name="checkpoints">
    /// A folder in which checkpoints are kept; by default they are lost with the driver. The test goes on from the newest one that is there: so a
    /// test shows that a changed program restores what an older one saved. Its sources then begin with the first row that it sends.
    /// </param>
    /// <returns>A driver that the caller disposes.</returns>
    /// <exception cref="PipelineException">The options are wrong, or what is in the folder does not fit the program.</exception>
    public static PipelineTest<T> For<T>(Action<PipelineOptions>? configure = null, IServiceProvider? services = null, int splitsPerSource = 1, string? checkpoints = null)
        where T : class, IPipeline => new(configure, services, splitsPerSource, checkpoints);
}

/// <summary>
/// Drives a pipeline in a test. Nothing happens between two calls: each call returns when the pipeline has done all that it
/// can do.
/// </summary>
/// <typeparam name="T">The pipeline class.</typeparam>
public sealed class PipelineTest<T> : IDisposable
    where T : class, IPipeline
{
    // Any number, the same in each run: rows then come out of tables in the same order.
    private const ulong Secret = 0x5EC2E7;

    private readonly PipelineDefinition _definition = PipelineDefinition.Of<T>();
    private readonly ExecutionEnvironment _environment;
    private readonly ManualScheduler _scheduler = new();
    private readonly TestConnectors _connectors;
    private readonly MemoryFileSystem _files = new();
    private readonly string? _checkpoints;
    private CheckpointStore _store;
    private PipelineGraph _graph;
    private CheckpointCoordinator _coordinator = null!;
    private Exception? _failure;
    private bool _sourcesEnded;

    internal PipelineTest(Action<PipelineOptions>? configure, IServiceProvider? services, int splitsPerSource, string? checkpoints)
    {
        _checkpoints = checkpoints;
        _connectors = new TestConnectors(splitsPerSource);
        var options = new PipelineOptions();
        configure?.Invoke(options);
        var problems = new List<string>();
        OptionsValidator.Validate(options, _definition.Plan, problems);
        if (problems.Count > 0)
        {
            throw new PipelineException("The options of the test are wrong:\n- " + string.Join("\n- ", problems));
        }

        _environment = new ExecutionEnvironment(_definition.Plan.Name, options, services ?? new ServiceCollection().BuildServiceProvider(), NullLogger.Instance)
        {
            Time = Time,
            Files = _files,
            CreateMailbox = _scheduler.CreateMailbox,
            Connectors = _connectors,
            NewSecret = Secret,
        };
        _store = OpenStore();
        try
        {
            _graph = Start();
        }
        catch
        {
            _store.Dispose();
            throw;
        }
    }

    /// <summary>The clock of the pipeline.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>Whether every source has ended.</summary>
    public bool IsFinished => _sourcesEnded;

    /// <summary>The counts of this attempt, over all subtasks.</summary>
    public SubtaskCounters Counters
    {
        get
        {
            var sum = new SubtaskCounters();
            foreach (var subtask in _graph.Subtasks)
            {
                sum.Add(subtask.Counters);
            }

            return sum;
        }
    }

    internal Penstock.State.StateBudget State => _graph.State;

    /// <summary>Sends rows to a source and lets the pipeline handle them.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type.</exception>
    public void Send<TRow>(string source, params ReadOnlySpan<TRow> rows) => SendTo(source, 0, rows);

    /// <summary>Sends rows to one split of a source and lets the pipeline handle them.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type.</exception>
    public void SendTo<TRow>(string source, int split, params ReadOnlySpan<TRow> rows)
    {
        _connectors.SourceOf<TRow>(source).Send(split, rows);
        Wake();
    }

    /// <summary>Ends a source: its watermark goes to +∞.</summary>
    /// <param name="source">The stream of the source.</param>
    public void End(string source)
    {
        _connectors.SourceOf(source).End();
        Wake();
    }

    /// <summary>Moves the watermark of a source on, as if a row that late had come.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="watermark">The new watermark; one that is not later changes nothing.</param>
    public void AdvanceWatermark(string source, DateTimeOffset watermark)
    {
        var micros = Penstock.Time.EventTimes.From(watermark);
        foreach (var subtask in _graph.Subtasks)
        {
            if (subtask.Source?.Id == source)
            {
                subtask.Source.AdvanceWatermark(micros);
            }
        }

        Run();
    }

    /// <summary>Takes the rows that came out of a stream with a sink since the last call; committed or not.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <returns>The rows, in the order of each subtask.</returns>
    /// <exception cref="ArgumentException">The stream has no sink or another row type.</exception>
    public IReadOnlyList<TRow> Read<TRow>(string stream) => _connectors.SinkOf<TRow>(stream).Take();

    /// <summary>All rows of a stream that checkpoints have committed, from the start of the test.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows that the outside would see.</returns>
    public IReadOnlyList<TRow> Committed<TRow>(string stream) => _connectors.SinkOf<TRow>(stream).Committed;

    /// <summary>Takes a checkpoint and commits the output before it.</summary>
    public void Checkpoint()
    {
        var taking = _coordinator.TakeAsync(CheckpointMode.Ordinary);
        Run();
        taking.GetAwaiter().GetResult();
    }

    /// <summary>Loses everything that is not in a checkpoint, as a crash does, and restores the last one.</summary>
    /// <param name="parallelism">Another parallelism to go on with.</param>
    public void CrashAndRestore(int? parallelism = null)
    {
        _environment.Options.Parallelism = parallelism ?? _environment.Options.Parallelism;
        _graph.Dispose();
        _store.Dispose();
        _scheduler.Clear();
        _store = OpenStore();
        _graph = Start();
    }

    /// <summary>Moves the clock on and lets the pipeline do what is due.</summary>
    /// <param name="time">How far.</param>
    public void AdvanceClock(TimeSpan time)
    {
        Time.Advance(time);
        Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph.Dispose();
        _store.Dispose();
    }

    private CheckpointStore OpenStore() =>
        new(new FolderStorage(_checkpoints == null ? _files : LocalFileSystem.Instance, _checkpoints ?? "checkpoints", _definition.Plan.Name));

    private PipelineGraph Start()
    {
        _sourcesEnded = false;
        _failure = null;
        var graph = new PipelineGraph(_definition, _environment)
        {
            Failed = error => _failure = error,
            AllSourcesEnded = () => _sourcesEnded = true,
        };
        var start = new Restorer(_store, graph).RestoreAsync().GetAwaiter().GetResult();
        graph.Open(start.NextCheckpoint);
        _coordinator = new CheckpointCoordinator(graph, _definition, _store, start);
        graph.Start();
        _graph = graph;
        Run();
        return graph;
    }

    private void Wake()
    {
        _graph.Start();
        Run();
    }

    private void Run()
    {
        _scheduler.RunUntilIdle();
        if (_failure != null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
