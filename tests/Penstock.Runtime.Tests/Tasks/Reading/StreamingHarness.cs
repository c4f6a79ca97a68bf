using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>Runs a pipeline over streaming sources. It has handled all messages after its creation and after each start.</summary>
internal sealed class StreamingHarness<T> : EngineHarness<T>
    where T : class, IPipeline
{
    private readonly SteadyFiles _steady;
    private readonly SourceOverrides _connectors;
    private readonly IReadOnlyCollection<LiveTopic<Click>> _topics;

    public StreamingHarness(LiveTopic<Click> topic, int parallelism = 1)
        : this(new PipelineOptions { Parallelism = parallelism, BatchSize = 4 }, topic)
    {
    }

    /// <summary>Runs the pipeline over its own sources, in <see cref="Files"/>, or over a topic, or over one for each source.</summary>
    public StreamingHarness(
        PipelineOptions options,
        LiveTopic<Click>? topic = null,
        Action<StreamingHarness<T>>? prepare = null,
        MemoryFileSystem? files = null,
        ILogger? log = null,
        IReadOnlyDictionary<string, LiveTopic<Click>>? topics = null,
        Action<ExecutionGraph>? onStep = null)
        : this(
            options,
            new SourceOverrides(id => (topics?.GetValueOrDefault(id) ?? topic)?.NewSource()),
            new SteadyFiles(files ?? new MemoryFileSystem()),
            log ?? NullLogger.Instance)
    {
        _topics = [.. topics?.Values ?? [], .. topic == null ? [] : new[] { topic }];
        OnStep = onStep;
        prepare?.Invoke(this);
        Start();
    }

    // The checkpoints are beside the lock, so that only sources list files under it.
    private StreamingHarness(PipelineOptions options, SourceOverrides connectors, SteadyFiles steady, ILogger log)
        : base(TestEnvironment.Create(T.Plan.Name, options) with { Log = log, Files = steady, Connectors = connectors }, steady.Files)
    {
        _steady = steady;
        _connectors = connectors;
        _topics = [];
    }

    public MemoryFileSystem Files => _steady.Files;

    /// <summary>Changes several files at once, as seen by those who list them.</summary>
    public void ChangeFiles(Action change) => _steady.Change(change);

    /// <summary>Takes a folder away from those who read it, or brings it back.</summary>
    /// <param name="folder">The folder, or null to bring it back.</param>
    /// <param name="isEmpty"><c>true</c> to leave an empty folder in its place.</param>
    public void TakeAway(string? folder, bool isEmpty = false) => (_steady.Away, _steady.IsAwayEmpty) = (folder, isEmpty);

    /// <summary>Called before a file is opened.</summary>
    public Action<string>? BeforeOpen
    {
        set => _steady.BeforeOpen = value;
    }

    /// <summary>The rows of a stream since the last call.</summary>
    public IReadOnlyList<TRow> Read<TRow>(string stream) =>
        [.. _connectors.SinkOf<TRow>(stream).Take().Select(static change => change.Row)];

    public IReadOnlyList<TRow> Committed<TRow>(string stream) =>
        [.. _connectors.SinkOf<TRow>(stream).Committed.Select(static change => change.Row)];

    /// <summary>Lets the interval of a polled source pass, which lists its files then.</summary>
    public void Poll(TimeSpan interval)
    {
        var known = _steady.Listings;
        AdvanceClock(interval);
        Assert.True(_steady.Listings > known, "The files were not listed: no source polls, or it polls at another interval.");
    }

    public override void Crash()
    {
        base.Crash();
        foreach (var topic in _topics)
        {
            topic.Crash();
        }
    }

    public override void Start(int? parallelism = null)
    {
        base.Start(parallelism);
        Run();
    }
}
