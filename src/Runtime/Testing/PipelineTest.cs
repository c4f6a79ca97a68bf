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

/// <summary>Creates tests of pipelines.</summary>
public static class PipelineTest
{
    /// <summary>
    /// Runs a pipeline in memory, on the thread of the caller. It runs the same generated code as in production, with sources and
    /// sinks that the test controls.
    /// </summary>
    /// <typeparam name="T">A class marked with <see cref="PipelineAttribute"/>.</typeparam>
    /// <param name="configure">Sets options; <see cref="PipelineOptions.Parallelism"/> and <see cref="PipelineOptions.BatchSize"/> do not
    /// change the results.</param>
    /// <param name="services">The services that operators need.</param>
    /// <param name="splitsPerSource">The number of splits of each source, at least 1; each split has its own watermark.</param>
    /// <param name="checkpoints">
    /// A folder in which checkpoints are kept; by default they are lost when the driver is disposed. The test resumes from the newest
    /// checkpoint in the folder, so it can show that a changed program restores the state of an older one. Its sources then begin with the
    /// first row that the test sends.
    /// </param>
    /// <param name="everyStream">
    /// <c>true</c> if <see cref="PipelineTest{T}.Read"/> can read every stream, including streams without a sink. The pipeline then runs as
    /// if each stream had a sink: text columns that nothing else reads are also parsed.
    /// </param>
    /// <returns>A driver that the caller must dispose.</returns>
    /// <exception cref="PipelineException">The options are invalid, or the checkpoints in the folder do not match the program.</exception>
    public static PipelineTest<T> For<T>(
        Action<PipelineOptions>? configure = null,
        IServiceProvider? services = null,
        int splitsPerSource = 1,
        string? checkpoints = null,
        bool everyStream = false)
        where T : class, IPipeline => new(configure, services, splitsPerSource, checkpoints, everyStream);
}

/// <summary>
/// Drives a pipeline in a test. Nothing happens between two calls: each call returns when the pipeline has no more work to
/// do.
/// </summary>
/// <typeparam name="T">The pipeline class.</typeparam>
public sealed class PipelineTest<T> : IDisposable
    where T : class, IPipeline
{
    // An arbitrary constant: tables then return rows in the same order in each run.
    private const ulong Secret = 0x5EC2E7;

    // For the engine's own tests: every second subtask is on another node, to which rows are sent as bytes.
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

    /// <summary><c>true</c> if every source has ended.</summary>
    public bool IsFinished => _job.Ended.IsCompleted;

    /// <summary>The counters of this attempt, summed over all subtasks.</summary>
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

    /// <summary>
    /// For the engine's own tests: the number of steps after which a run of an exploration of crashes counts as one without an end; null
    /// for the usual number.
    /// </summary>
    internal long? MaxSteps { get; set; }

    internal IEnumerable<Penstock.State.OperatorMemory> State =>
        ((ExecutionGraph?[])[_graph, _second?.Graph]).OfType<ExecutionGraph>().SelectMany(static graph => graph.State.Operators);

    private ExecutionGraph Graph => _graph ?? throw new InvalidOperationException("The pipeline does not run: it could not be restored.");

    private IEnumerable<Subtask> Subtasks => [.. Graph.Subtasks, .. _second?.Graph?.Subtasks ?? []];

    /// <summary>Sends rows to a source and lets the pipeline process them.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type.</exception>
    /// <exception cref="InvalidOperationException">The test has already ended the source.</exception>
    public void Send<TRow>(string source, params ReadOnlySpan<TRow> rows) => SendTo(source, 0, rows);

    /// <summary>Sends rows to one split of a source and lets the pipeline process them.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="source">The stream of the source.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source with this row type.</exception>
    /// <exception cref="InvalidOperationException">The test has already ended the source.</exception>
    public void SendTo<TRow>(string source, int split, params ReadOnlySpan<TRow> rows)
    {
        _connectors.SourceOf<TRow>(source).Send(split, rows);
        Wake();
    }

    /// <summary>
    /// Sends text to a source through the generated reader of its rows, like a file or an object with this content, or one message with
    /// this value. The settings of the source apply: format, delimiter, column names, and the policy for bad rows.
    /// </summary>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="text">The complete content of a file: CSV with its header line, or JSON Lines with one object per line. For a message:
    /// its value.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, the source has no generated reader, or its rows read metadata
    /// that has no default.</exception>
    /// <exception cref="InvalidOperationException">The test has already ended the source.</exception>
    /// <exception cref="PipelineException">The header does not match the row type.</exception>
    /// <exception cref="BadRowException">A row cannot be read, and the source fails on bad rows.</exception>
    public void SendText(string source, string text, int split = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        SendInput(source, split, SentInput.OfText(text, ++_texts));
    }

    /// <summary>
    /// Sends messages to a message source, such as a Kafka source, through the generated reader of its rows. The settings of the source
    /// apply: format, column names, and the policy for bad rows. No client of the connector is created.
    /// </summary>
    /// <param name="source">The stream of the source; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <param name="messages">The messages, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, it does not read messages, or a message lacks metadata that the
    /// rows read.</exception>
    /// <exception cref="InvalidOperationException">The test has already ended the source.</exception>
    /// <exception cref="BadRowException">A message cannot be read, and the source fails on bad rows.</exception>
    public void SendMessages(string source, params IReadOnlyList<TestMessage> messages) => SendMessagesTo(source, 0, messages);

    /// <summary>Sends messages to one split of a source, as <see cref="SendMessages"/> does.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <param name="messages">The messages, in order.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, it does not read messages, or a message lacks metadata that the
    /// rows read.</exception>
    /// <exception cref="InvalidOperationException">The test has already ended the source.</exception>
    /// <exception cref="BadRowException">A message cannot be read, and the source fails on bad rows.</exception>
    public void SendMessagesTo(string source, int split, params IReadOnlyList<TestMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        SendInput(source, split, new SentInput(new MemoryFileSystem(), "", messages, IsMessages: true));
    }

    /// <summary>Sends the content of files to a file or object source, as <see cref="SendText"/> does with text.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="path">A file, folder or glob, plain or gzipped.</param>
    /// <param name="split">The index of the split, from 0.</param>
    /// <exception cref="ArgumentException">The pipeline has no such source, or it does not read files.</exception>
    /// <exception cref="InvalidOperationException">The test has already ended the source.</exception>
    /// <exception cref="PipelineException">There is no such file, or its header does not match the row type.</exception>
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

    /// <summary>Advances the watermark of a source, as a row with a later event time would.</summary>
    /// <param name="source">The stream of the source.</param>
    /// <param name="watermark">The new watermark; has no effect if it is not later than the current one.</param>
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
    /// Returns the rows of a stream since the last call, committed or not. A stream without a sink can be read if the test was created
    /// with <c>everyStream</c>.
    /// </summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream; write it as <c>nameof(Pipeline.Stream)</c>.</param>
    /// <returns>The rows, in the order of each subtask; every version of each row for an upsert stream.</returns>
    /// <exception cref="ArgumentException">There is no such stream, its rows have another type, or it has no sink and the test was not
    /// created for every stream.</exception>
    /// <exception cref="InvalidOperationException">There is a delete, which only <see cref="ReadChanges"/> can return.</exception>
    public IReadOnlyList<TRow> Read<TRow>(string stream) => RowsOf(stream, ReadChanges<TRow>(stream), nameof(ReadChanges));

    /// <summary>
    /// Returns the rows of a stream since the last call, like <see cref="Read"/>, with their row kinds: new, replacing another row, or
    /// deleting it.
    /// </summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows, in the order of each subtask.</returns>
    /// <exception cref="ArgumentException">There is no such stream, its rows have another type, or it has no sink and the test was not
    /// created for every stream.</exception>
    public IReadOnlyList<Change<TRow>> ReadChanges<TRow>(string stream) => _connectors.Take<TRow>(stream, _definition.Plan);

    /// <summary>Returns all rows of a stream with a sink that checkpoints have committed since the start of the test.</summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows that would be visible outside; every version of each row for an upsert stream.</returns>
    /// <exception cref="InvalidOperationException">There is a delete, which only <see cref="CommittedChanges"/> can return.</exception>
    public IReadOnlyList<TRow> Committed<TRow>(string stream) => RowsOf(stream, CommittedChanges<TRow>(stream), nameof(CommittedChanges));

    /// <summary>
    /// Returns all rows of a stream with a sink that checkpoints have committed since the start of the test, with their row kinds.
    /// </summary>
    /// <typeparam name="TRow">The row type.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>The rows that would be visible outside, in an order in which they can be applied.</returns>
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

    /// <summary>Simulates a crash: discards everything that is not in a checkpoint, and restores the last checkpoint.</summary>
    /// <param name="parallelism">The parallelism after the crash; null to keep it.</param>
    /// <param name="configure">Changes other options after the crash, such as the parallelism of a stream.</param>
    /// <exception cref="PipelineException">The options are invalid.</exception>
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
    /// Runs the pipeline over all of the given rows, once without crashes, and then once with crashes for each seed. Crashes occur before
    /// or during each kind of step, such as a batch of a subtask, an operation on a checkpoint file, or a commit. After a crash the
    /// pipeline resumes from its last checkpoint with another parallelism. The committed output must be the same in all runs. Rows that
    /// were sent to the test itself are not used.
    /// </summary>
    /// <typeparam name="TRow">The row type of the only source that has it.</typeparam>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="seeds">The number of runs with crashes, at least 1.</param>
    /// <param name="firstSeed">The first seed, at least 1. The same seed gives the same run, provided that the services are
    /// stateless.</param>
    /// <returns>A report of the crashes.</returns>
    /// <exception cref="CrashDifferenceException">The committed output differs after crashes. The message has the seed and the shortest
    /// sequence of steps that was found.</exception>
    /// <exception cref="ArgumentException">No source, or more than one, has rows of this type.</exception>
    [RequiresUnreferencedCode("Rows are compared by their public members, by reflection.")]
    public CrashReport ExploreCrashes<TRow>(IReadOnlyList<TRow> rows, int seeds = 200, int firstSeed = 1)
    {
        var source = _connectors.OnlySourceOf<TRow>();
        return ExploreCrashes(input => input.Send(source, rows), seeds, firstSeed);
    }

    /// <summary>Explores crashes like the other overload, for pipelines with several sources or splits, or with text input.</summary>
    /// <param name="send">Sends the whole input.</param>
    /// <param name="seeds">The number of runs with crashes, at least 1.</param>
    /// <param name="firstSeed">The first seed, at least 1.</param>
    /// <returns>A report of the crashes.</returns>
    /// <exception cref="CrashDifferenceException">The committed output differs after crashes. The message has the seed and the shortest
    /// sequence of steps that was found.</exception>
    /// <exception cref="ArgumentException">The input does not match the pipeline, or the run without crashes commits nothing to compare
    /// with.</exception>
    [RequiresUnreferencedCode("Rows are compared by their public members, by reflection.")]
    public CrashReport ExploreCrashes(Action<CrashInput> send, int seeds = 200, int firstSeed = 1)
    {
        ArgumentNullException.ThrowIfNull(send);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstSeed, 1);
        var input = new CrashInput(_connectors);
        send(input);
        return new CrashExplorer(_definition, _configure, _environment.Services, _connectors.SplitsPerSource, input, MaxSteps).Explore(
            firstSeed,
            seeds);
    }

    /// <summary>Advances the clock and lets the pipeline do the work that is due.</summary>
    /// <param name="time">The time to advance by.</param>
    public void AdvanceClock(TimeSpan time)
    {
        Time.Advance(time);
        Run();
    }

    /// <summary>
    /// Waits until no call of an <see cref="AsyncMapAttribute"/> method is running, and processes the results. Only calls that complete on
    /// other threads need it: those that complete immediately, or on the thread of the test, are taken by the next call of this driver.
    /// </summary>
    /// <param name="timeout">The maximum time to wait for the next completion. Default: 10 s.</param>
    /// <exception cref="TimeoutException">No call has completed in time.</exception>
    public void WaitForCalls(TimeSpan? timeout = null)
    {
        var longest = timeout ?? TimeSpan.FromSeconds(10);
        for (Run(); Subtasks.Sum(static subtask => subtask.Calls?.InFlight ?? 0) is > 0 and var running; Run())
        {
            if (!_scheduler.WaitForMessage(longest))
            {
                throw new TimeoutException(
                    $"{running} rows are in flight, and no call has completed within {longest}. Let the service of the test complete them.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _second?.CloseAsync().GetAwaiter().GetResult();
        CloseAttempt();
        _store.Dispose();
        _scheduler.Dispose();
    }

    private static IReadOnlyList<TRow> RowsOf<TRow>(
        string stream,
        IReadOnlyList<Change<TRow>> changes,
        string reader) => changes.Any(static change => change.Kind == RowKind.Delete)
        ? throw new InvalidOperationException(
            $"Stream '{stream}' has a delete, which is not a row: use {reader}, which also returns row kinds.")
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
        var environment = _environment with { Spool = _store.Storage };
        _remote = _second == null ? null : RemoteNode
            .JoinAsync(_definition, environment, _second, _store.OpenJob(), ++_attempts, CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        RemoteNode[] others = _remote == null ? [] : [_remote];
        var graph = _graph = new ExecutionGraph(_definition, _environment, _remote?.Membership);
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

    // An attempt that could not begin also counts as ended, so nothing is disposed twice.
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
