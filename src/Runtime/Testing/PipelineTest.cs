using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Tasks;
using Penstock.Testing.Simulation;

namespace Penstock.Testing;

/// <summary>Starts tests of pipelines.</summary>
public static class PipelineTest
{
    /// <summary>
    /// Runs a pipeline in memory, on the thread of the caller: the same generated code as in production, with sources and
    /// sinks in the hands of the test.
    /// </summary>
    /// <typeparam name="T">A class marked with <see cref="PipelineAttribute"/>.</typeparam>
    /// <param name="configure">Sets options; <see cref="PipelineOptions.Parallelism"/> and <see cref="PipelineOptions.BatchSize"/> do not
    /// change answers.</param>
    /// <param name="services">The services that operators need.</param>
    /// <param name="splitsPerSource">How many splits each source has, at least 1; each has its own watermark.</param>
    /// <param name="checkpoints">
    /// A folder in which checkpoints are kept; by default they are lost with the driver. The test goes on from the newest one that is
    /// there: so a test shows that a changed program restores what an older one saved. Its sources then begin with the first row that it
    /// sends.
    /// </param>
    /// <param name="everyStream">
    /// Whether <see cref="PipelineTest{T}.Read"/> takes the rows of every stream, also of one without a sink. The pipeline then runs as if
    /// each stream had a sink: columns of text that nothing else reads are read, too.
    /// </param>
    /// <returns>A driver that the caller disposes.</returns>
    /// <exception cref="PipelineException">The options are wrong, or what is in the folder does not fit the program.</exception>
    public static PipelineTest<T> For<T>(
        Action<PipelineOptions>? configure = null,
        IServiceProvider? services = null,
        int splitsPerSource = 1,
        string? checkpoints = null,
        bool everyStream = false)
        where T : class, IPipeline => new(configure, services, splitsPerSource, checkpoints, everyStream);
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

    // Of the engine's own tests: every second subtask lies on another node, to which rows go as bytes.
    private const string TwoNodes = "Penstock.Testing.TwoNodes";

    private readonly PipelineDefinition _definition;
    private readonly Action<PipelineOptions>? _configure;
    private readonly ExecutionEnvironment _environment;
    private readonly ManualScheduler _scheduler = new();
    private readonly TestConnectors _connectors;
    private readonly MemoryFileSystem _files = new();
    private readonly string? _checkpoints;
    private CheckpointStore _store;
    private ExecutionGraph? _graph;
    private readonly InProcessNode? _second;
    private LocalJob _job = null!;
    private RemoteNode? _remote;
    private int _attempts;
    private int _texts;

    internal PipelineTest(
        Action<PipelineOptions>? configure,
        IServiceProvider? services,
        int splitsPerSource,
        string? checkpoints,
        bool everyStream)
    {
        _definition = everyStream ? PipelineDefinition.OfTest<T>() : PipelineDefinition.Of<T>();
        _configure = configure;
        _checkpoints = checkpoints;
        _connectors = new TestConnectors(splitsPerSource);
        var options = new PipelineOptions();
        configure?.Invoke(options);
        Validate(options);
        _second = AppContext.TryGetSwitch(TwoNodes, out var areTwo) && areTwo
            ? new InProcessNode(static () => MemoryLink.Create(("the second node", "the first node")))
            : null;
        _environment = new ExecutionEnvironment(_definition.Plan.Name, options, services
            ?? new ServiceCollection().BuildServiceProvider(), NullLogger.Instance)
        {
            Time = Time,
            Files = _files,
            CreateMailbox = _scheduler.CreateMailbox,
            Connectors = _connectors,
            NewSecret = Secret,
            OtherNode = _second,
        };
        _store = OpenStore();
        try
        {
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The clock of the pipeline.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>Whether every source has ended.</summary>
    public bool IsFinished => _job.Ended.IsCompleted;

    /// <summary>The counts of this attempt, over all subtasks.</summary>
    public SubtaskCounters Counters
    {
        get
        {
            var sum = new SubtaskCounters();
            foreach (var subtask in Subtasks)
            {
                sum.Add(subtask.Counters);
            }

            return sum;
        }
    }

    internal IEnumerable<Penstock.State.OperatorMemory> State =>
        ((ExecutionGraph?[])[_graph, _second?.Graph]).OfType<ExecutionGraph>().SelectMany(static graph => graph.State.Operators);

    private ExecutionGraph Graph => _graph ?? throw new InvalidOperationException("The pipeline does not run: it could not be restored.");

    private IEnumerable<Subtask> Subtasks => [.. Graph.Subtasks, .. _second?.Graph?.Subtasks ?? []];

    /// <summary>Sends rows to a source and lets the pipeline handle them.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type.</exception>
    /// <exception cref="InvalidOperationException">The test has ended the source.</exception>
    public void Send<TRow>(string source, params ReadOnlySpan<TRow> rows) => SendTo(source, 0, rows);

    /// <summary>Sends rows to one split of a source and lets the pipeline handle them.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type.</exception>
    /// <exception cref="InvalidOperationException">The test has ended the source.</exception>
    public void SendTo<TRow>(string source, int split, params ReadOnlySpan<TRow> rows)
    {
        _connectors.SourceOf<TRow>(source).Send(split, rows);
        Wake();
    }

    /// <summary>
    /// Sends text to a source through the generated reader of its rows: as if a file or an object of this content had come, or one message
    /// with this value. What the source declares applies: format, delimiter, names of columns, and what becomes of bad rows.
    /// </summary>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="text">The whole content of a file: in CSV with its header line, in JSON Lines an object a line. Of a message: its
    /// value.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, it makes its rows itself, or its rows read something beside the
    /// value that has no default.</exception>
    /// <exception cref="InvalidOperationException">The test has ended the source.</exception>
    /// <exception cref="PipelineException">The header does not fit.</exception>
    /// <exception cref="BadRowException">A row cannot be read, and the source fails on bad rows.</exception>
    public void SendText(string source, string text, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        SendInput(source, split, SentInput.OfText(text, ++_texts));
    }

    /// <summary>
    /// Sends messages to a source of messages, such as one of Kafka's topics, through the generated reader of its rows. What the source
    /// declares applies: format, names of columns, and what becomes of bad rows. No client of the connector is made.
    /// </summary>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="messages">The messages, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, it reads no messages, or a message lacks what the rows read
    /// beside its value.</exception>
    /// <exception cref="InvalidOperationException">The test has ended the source.</exception>
    /// <exception cref="BadRowException">A message cannot be read, and the source fails on bad rows.</exception>
    public void SendMessages(string source, params IReadOnlyList<TestMessage> messages) => SendMessagesTo(source, 0, messages);

    /// <summary>Sends messages to one split of a source, as <see cref="SendMessages"/> does.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <param name="messages">The messages, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, it reads no messages, or a message lacks what the rows read
    /// beside its value.</exception>
    /// <exception cref="InvalidOperationException">The test has ended the source.</exception>
    /// <exception cref="BadRowException">A message cannot be read, and the source fails on bad rows.</exception>
    public void SendMessagesTo(string source, int split, params IReadOnlyList<TestMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        SendInput(source, split, new SentInput(new MemoryFileSystem(), "", messages, IsMessages: true));
    }

    /// <summary>Sends the content of files to a source of files or objects, as <see cref="SendText"/> does with text.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="path">A file, folder or glob, plain or gzipped.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, or it reads no files.</exception>
    /// <exception cref="InvalidOperationException">The test has ended the source.</exception>
    /// <exception cref="PipelineException">There is no such file, or its header does not fit.</exception>
    /// <exception cref="BadRowException">A row cannot be read, and the source fails on bad rows.</exception>
    public void SendFile(string source, string path, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        SendInput(source, split, new SentInput(LocalFileSystem.Instance, path, Messages: null, IsMessages: false));
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
    /// <exception cref="ArgumentException">The pipeline has no such source.</exception>
    public void AdvanceWatermark(string source, DateTimeOffset watermark)
    {
        var micros = Penstock.EventTimes.From(watermark);
        _ = _connectors.SourceOf(source);
        foreach (var subtask in Subtasks)
        {
            if (subtask.Source?.Id == source)
            {
                subtask.Source.AdvanceWatermark(micros);
            }
        }

        Run();
    }

    /// <summary>
    /// Takes the rows that came out of a stream since the last call; committed or not. A stream without a sink can be read in a test that
    /// was made for every stream.
    /// </summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <returns>The rows, in the order of each subtask; of a stream of updates every version.</returns>
    /// <exception cref="ArgumentException">There is no such stream, its rows have another type, or it has no sink and the test was not made
    /// for every stream.</exception>
    /// <exception cref="InvalidOperationException">A row is deleted, which <see cref="ReadChanges"/> tells.</exception>
    public IReadOnlyList<TRow> Read<TRow>(string stream) => RowsOf(stream, ReadChanges<TRow>(stream), nameof(ReadChanges));

    /// <summary>
    /// Takes the rows that came out of a stream since the last call, as <see cref="Read"/> does, with what each means: whether it is new,
    /// replaces another one, or deletes it.
    /// </summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows, in the order of each subtask.</returns>
    /// <exception cref="ArgumentException">There is no such stream, its rows have another type, or it has no sink and the test was not made
    /// for every stream.</exception>
    public IReadOnlyList<Change<TRow>> ReadChanges<TRow>(string stream) => _connectors.Take<TRow>(stream, _definition.Plan);

    /// <summary>All rows of a stream with a sink that checkpoints have committed, from the start of the test.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows that the outside would see; of a stream of updates every version.</returns>
    /// <exception cref="InvalidOperationException">A row is deleted, which <see cref="CommittedChanges"/> tells.</exception>
    public IReadOnlyList<TRow> Committed<TRow>(string stream) => RowsOf(stream, CommittedChanges<TRow>(stream), nameof(CommittedChanges));

    /// <summary>
    /// All rows of a stream with a sink that checkpoints have committed, from the start of the test, with what each means.
    /// </summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows that the outside would see, in an order in which they can be applied one after the other.</returns>
    public IReadOnlyList<Change<TRow>> CommittedChanges<TRow>(string stream) =>
        _connectors.SinkOf<TRow>(stream, _definition.Plan).Committed;

    /// <summary>Takes a checkpoint and commits the output before it.</summary>
    public void Checkpoint()
    {
        using var uncaptured = NoContext.Enter();
        var taking = _job.TakeCheckpointAsync(CheckpointMode.Ordinary);
        Run();
        taking.GetAwaiter().GetResult();
    }

    /// <summary>Loses everything that is not in a checkpoint, as a crash does, and restores the last one.</summary>
    /// <param name="parallelism">Another parallelism to go on with.</param>
    /// <param name="configure">Changes other options to go on with, such as the parallelism of a stream.</param>
    /// <exception cref="PipelineException">The options are wrong.</exception>
    public void CrashAndRestore(int? parallelism = null, Action<PipelineOptions>? configure = null)
    {
        _environment.Options.Parallelism = parallelism ?? _environment.Options.Parallelism;
        configure?.Invoke(_environment.Options);
        Validate(_environment.Options);
        CloseAttempt();
        _store.Dispose();
        _scheduler.Clear();
        _store = OpenStore();
        Start();
    }

    /// <summary>
    /// Runs the pipeline over rows from the start to the end, once undisturbed, and then once for each seed with crashes: before or in the
    /// middle of each kind of step, such as a batch of a subtask, an operation on a file of a checkpoint, or a commit. After a crash the
    /// pipeline goes on from its last checkpoint at another parallelism. What is committed in the end must be the same. The rows of the
    /// test itself have no part in it.
    /// </summary>
    /// <typeparam name="TRow">The row type of the only source that has it.</typeparam>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="seeds">How many runs with crashes there are, at least 1.</param>
    /// <param name="firstSeed">The first of the seeds, at least 1. The same seed gives the same run, as long as the services have no
    /// memory.</param>
    /// <returns>Where the crashes were.</returns>
    /// <exception cref="CrashDifferenceException">Something else was committed after crashes. The message has the seed and the shortest
    /// story that was found.</exception>
    /// <exception cref="ArgumentException">Not exactly one source has rows of this type.</exception>
    [RequiresUnreferencedCode("Rows are compared by their public members, by reflection.")]
    public CrashReport ExploreCrashes<TRow>(IReadOnlyList<TRow> rows, int seeds = 200, int firstSeed = 1)
    {
        var source = _connectors.OnlySourceOf<TRow>();
        return ExploreCrashes(input => input.Send(source, rows), seeds, firstSeed);
    }

    /// <summary>Does the same for pipelines with several sources or splits, or with text.</summary>
    /// <param name="send">Sends the whole input.</param>
    /// <param name="seeds">How many runs with crashes there are, at least 1.</param>
    /// <param name="firstSeed">The first of the seeds, at least 1.</param>
    /// <returns>Where the crashes were.</returns>
    /// <exception cref="CrashDifferenceException">Something else was committed after crashes. The message has the seed and the shortest
    /// story that was found.</exception>
    /// <exception cref="ArgumentException">What is sent does not fit the pipeline, or nothing is committed without crashes, so that there
    /// is nothing to compare.</exception>
    [RequiresUnreferencedCode("Rows are compared by their public members, by reflection.")]
    public CrashReport ExploreCrashes(Action<CrashInput> send, int seeds = 200, int firstSeed = 1)
    {
        ArgumentNullException.ThrowIfNull(send);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstSeed, 1);
        var input = new CrashInput(_connectors);
        send(input);
        return new CrashExplorer(_definition, _configure, _environment.Services, _connectors.SplitsPerSource, input).Explore(
            firstSeed,
            seeds);
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
        _second?.CloseAsync().GetAwaiter().GetResult();
        CloseAttempt();
        _store.Dispose();
    }

    private static IReadOnlyList<TRow> RowsOf<TRow>(
        string stream,
        IReadOnlyList<Change<TRow>> changes,
        string reader) => changes.Any(static change => change.Kind == RowKind.Delete)
        ? throw new InvalidOperationException(
            $"Stream '{stream}' deletes a row, which is no row: read it by {reader}, which tells what each means.")
        : [.. changes.Select(static change => change.Row)];

    private void Validate(PipelineOptions options)
    {
        var problems = new List<string>();
        OptionsValidator.Validate(options, _definition.Plan, problems);
        if (problems.Count > 0)
        {
            throw new PipelineException(
                ErrorCodes.WrongConfiguration,
                "The options of the test are wrong:\n- " + string.Join("\n- ", problems));
        }
    }

    private CheckpointStore OpenStore() =>
        new(new FolderStorage(
            _checkpoints == null ? _files : LocalFileSystem.Instance,
            _checkpoints ?? "checkpoints",
            _definition.Plan.Name), _environment.NewId);

    private void Start()
    {
        using var uncaptured = NoContext.Enter();
        _remote = _second == null ? null : RemoteNode
            .JoinAsync(_definition, _environment with { Spool = _store.Storage }, _second, _store.Job, ++_attempts, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        RemoteNode[] others = _remote == null ? [] : [_remote];
        var graph = _graph = new ExecutionGraph(_definition, _environment, _remote?.Seat);
        var start = new Restorer(_store, graph, others).RestoreAsync().GetAwaiter().GetResult();
        graph.Open(start.NextCheckpoint);
        _job = new LocalJob(graph, _store, start, others);
        foreach (var node in others)
        {
            node.Attach(_job.Master);
            node.StartAsync(start.NextCheckpoint, graph.Reached()).GetAwaiter().GetResult();
        }

        graph.Start();
        Run();
    }

    // It has ended also where it could not begin: nothing of it is disposed twice.
    private void CloseAttempt()
    {
        _remote?.Dispose();
        _graph?.Dispose();
        (_remote, _graph) = (null, null);
    }

    private void SendInput(string source, int split, SentInput input)
    {
        _connectors.SourceOf(source).SendInput(split, input);
        Wake();
    }

    private void Wake()
    {
        Graph.Start();
        _second?.Graph!.Start();
        Run();
    }

    private void Run()
    {
        using var uncaptured = NoContext.Enter();
        _scheduler.RunUntilIdle();
        if (_job.Failed.IsFaulted)
        {
            _job.Failed.GetAwaiter().GetResult();
        }
    }
}
