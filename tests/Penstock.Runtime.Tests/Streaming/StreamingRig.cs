using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Runtime.Tests.Engine;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>Runs a pipeline over streaming sources, message by message, on a manual clock and on the thread of the test.</summary>
internal sealed class StreamingRig<TPipeline> : IDisposable
    where TPipeline : class, IPipeline
{
    private readonly PipelineDefinition _definition = PipelineDefinition.Of<TPipeline>();
    private readonly List<ManualMailbox> _mailboxes = [];
    private readonly SteadyFiles _steady;
    private readonly Connectors _connectors;
    private readonly IReadOnlyDictionary<string, LiveTopic<Click>> _topics;
    private readonly ExecutionEnvironment _environment;
    private readonly Action<ExecutionGraph>? _onStep;
    private CheckpointStore _store = null!;
    private ExecutionGraph _graph = null!;
    private LocalJob _job = null!;

    public StreamingRig(LiveTopic<Click> topic, int parallelism = 1)
        : this(new PipelineOptions { Parallelism = parallelism, BatchSize = 4 }, topic)
    {
    }

    /// <summary>Runs the pipeline over its own sources, in <see cref="Files"/>, or over a topic, or over one for each source.</summary>
    public StreamingRig(
        PipelineOptions options,
        LiveTopic<Click>? topic = null,
        Action<StreamingRig<TPipeline>>? prepare = null,
        MemoryFileSystem? files = null,
        ILogger? log = null,
        IReadOnlyDictionary<string, LiveTopic<Click>>? topics = null, Action<ExecutionGraph>? onStep = null)
    {
        _onStep = onStep;
        Topic = topic;
        _topics = topics ?? new Dictionary<string, LiveTopic<Click>>();
        Files = files ?? new MemoryFileSystem();
        _steady = new SteadyFiles(Files);
        _connectors = new Connectors(topic, _topics);
        _environment = new ExecutionEnvironment(_definition.Plan.Name, options, new ServiceCollection().BuildServiceProvider(), log
            ?? NullLogger.Instance)
        {
            Time = Time,
            Files = _steady,
            Background = AtOnce.Instance,
            CreateMailbox = (_, _, handle) =>
            {
                var mailbox = new ManualMailbox(handle);
                _mailboxes.Add(mailbox);
                return mailbox;
            },
            Connectors = _connectors,
        };
        prepare?.Invoke(this);
        Start();
    }

    public LiveTopic<Click>? Topic { get; }

    /// <summary>The attempt that runs.</summary>
    public ExecutionGraph Graph => _graph;

    public MemoryFileSystem Files { get; }

    /// <summary>Changes several files at once, to those that list them.</summary>
    public void ChangeFiles(Action change) => _steady.Change(change);

    public ManualTimeProvider Time { get; } = new();

    public bool IsFinished => _job.Ended.IsCompleted;

    /// <summary>The subtask, by the order of creation, that gets no processor; null when all do.</summary>
    public int? HeldUp { get; set; }

    /// <summary>How many rows the sources have read since the last start.</summary>
    public long RowsIn => _graph.Subtasks.Where(static subtask => subtask.Source != null).Sum(static subtask => subtask.Counters.RowsIn);

    /// <summary>The rows of a stream since the last call.</summary>
    public IReadOnlyList<TRow> Read<TRow>(string stream) =>
        [.. _connectors.SinkOf<TRow>(stream).Take().Select(static change => change.Row)];

    public IReadOnlyList<TRow> Committed<TRow>(string stream) =>
        [.. _connectors.SinkOf<TRow>(stream).Committed.Select(static change => change.Row)];

    /// <summary>Handles messages until none waits.</summary>
    public void Run()
    {
        while (Step())
        {
            // More may have been posted.
        }
    }

    /// <summary>Handles one message of each subtask.</summary>
    public bool Step()
    {
        var any = false;
        for (var index = 0; index < _mailboxes.Count; index++)
        {
            // Nothing that allocates: tests count.
            any |= index != HeldUp && _mailboxes[index].TryHandleNext();
        }

        _onStep?.Invoke(_graph);
        if (_job.Failed.IsFaulted)
        {
            _job.Failed.GetAwaiter().GetResult();
        }

        return any;
    }

    /// <summary>Lets the interval of a polled source pass, which lists its files then.</summary>
    public void Poll(TimeSpan interval)
    {
        var known = _steady.Listings;
        AdvanceClock(interval);
        Assert.True(_steady.Listings > known, "The files were not listed: no source polls, or it polls at another interval.");
    }

    public void AdvanceClock(TimeSpan time)
    {
        Time.Advance(time);
        Run();
    }

    public void Checkpoint(CheckpointMode mode = CheckpointMode.Ordinary)
    {
        var taking = _job.TakeCheckpointAsync(mode);
        Run();
        taking.GetAwaiter().GetResult();
    }

    /// <summary>Takes a checkpoint, and handles no more messages than that takes.</summary>
    public void CheckpointInBetween()
    {
        var taking = _job.TakeCheckpointAsync(CheckpointMode.Ordinary);
        for (var step = 0; step < 3; step++)
        {
            Step();
        }

        taking.GetAwaiter().GetResult();
    }

    public void Crash()
    {
        _graph.Dispose();
        _store.Dispose();
        _mailboxes.Clear();
        Topic?.Crash();
        foreach (var topic in _topics.Values)
        {
            topic.Crash();
        }
    }

    public void Start(int? parallelism = null)
    {
        _environment.Options.Parallelism = parallelism ?? _environment.Options.Parallelism;
        _store = new CheckpointStore(new FolderStorage(Files, "checkpoints", _definition.Plan.Name), Guid.NewGuid);
        _graph = new ExecutionGraph(_definition, _environment);
        var start = new Restorer(_store, _graph).RestoreAsync().GetAwaiter().GetResult();
        _graph.Open(start.NextCheckpoint);
        _job = new LocalJob(_graph, _store, start);
        _graph.Start();
        Run();
    }

    public void Dispose()
    {
        _graph.Dispose();
        _store.Dispose();
    }

    private sealed class Connectors(LiveTopic<Click>? topic, IReadOnlyDictionary<string, LiveTopic<Click>> topics) : IConnectorOverrides
    {
        private readonly Dictionary<string, object> _sinks = [];

        public ISource<TRow>? Source<TRow>(string id) => (ISource<TRow>?)(topics.GetValueOrDefault(id) ?? topic)?.NewSource();

        public ISink<TRow> Sink<TRow>(string stream, string id) => SinkOf<TRow>(stream);

        public TestSink<TRow> SinkOf<TRow>(string stream)
        {
            if (!_sinks.TryGetValue(stream, out var sink))
            {
                _sinks[stream] = sink = new TestSink<TRow>(stream, static _ => { });
            }

            return (TestSink<TRow>)sink;
        }
    }
}
