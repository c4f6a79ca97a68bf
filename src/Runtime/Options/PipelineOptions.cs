using Penstock.Connectors;
using Penstock.Hosting;
namespace Penstock;

/// <summary>
/// How one pipeline runs. Bound from <c>Penstock:Pipelines:&lt;Name&gt;</c> in configuration and validated at start.
/// Durations are written like <c>500ms</c>, <c>10s</c>, <c>28h</c>, sizes like <c>64KB</c>, <c>16MB</c>.
/// </summary>
public sealed class PipelineOptions
{
    /// <summary>
    /// How many subtasks each task has, unless its stream says otherwise: 1 to 32,768, and at most <see cref="KeyGroups"/> where a keyed
    /// task takes it. Default: that of <see cref="PipelineAttribute"/>, which is 1 where it is not given.
    /// </summary>
    public int? Parallelism { get; set; }

    /// <summary>The largest number of rows in a batch: 1 to 65,536. Default: 1024. It changes speed and latency, never results.</summary>
    public int BatchSize { get; set; } = 1024;

    /// <summary>
    /// The number of key groups: the largest parallelism of a keyed task to 32,768. Fixed for the life of a checkpoint folder. Default:
    /// 128.
    /// </summary>
    public int KeyGroups { get; set; } = 128;

    /// <summary>How many batches may wait in the channel between two subtasks: 2 to 1024. Default: 8.</summary>
    public int ChannelCapacity { get; set; } = 8;

    /// <summary>
    /// The most memory that the state of all operators together may take, in bytes: at least 1. At the limit the pipeline fails for good,
    /// with a message that says which operator holds how much. Default: none.
    /// </summary>
    public long? StateLimit { get; set; }

    /// <summary>
    /// How far, in event time, a source may be ahead of those that it is united with, and one of its subtasks ahead of the others: at least
    /// 0. What is further ahead reads nothing until they have come closer, so that windows do not pile up behind it. Default: that of
    /// <see cref="PipelineAttribute"/>, which is no limit where it is not given.
    /// </summary>
    public TimeSpan? MaxDrift { get; set; }

    /// <summary>How long rows may wait in a partly filled batch while the pipeline is busy. Default: 10 ms.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a stop may take for its last checkpoint. Default: 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the messages of operators that failed and of rows that cannot be read contain the whole row. Default: false, since rows
    /// may be private. The one field that cannot be read is always shown.
    /// </summary>
    public bool IncludeRowText { get; set; }

    /// <summary>When and where checkpoints are taken.</summary>
    public CheckpointOptions Checkpoints { get; } = new();

    /// <summary>Where savepoints go, and which one to start from.</summary>
    public SavepointOptions Savepoints { get; } = new();

    /// <summary>What happens when the pipeline fails.</summary>
    public RestartOptions Restart { get; } = new();

    /// <summary>When the pipeline counts as degraded or unhealthy.</summary>
    public HealthOptions Health { get; } = new();

    /// <summary>Overrides per stream, by the id of the stream.</summary>
    public Dictionary<string, StreamOptions> Streams { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Overrides per source, by the id of the source.</summary>
    public Dictionary<string, SourceOptions> Sources { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Overrides per sink, by the id of the sink or of its stream.</summary>
    public Dictionary<string, SinkOptions> Sinks { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys under which configuration has set them.</summary>
    internal OptionKeys Keys { get; } = new();

    internal SourceOptions SourceOptions(string id) => Sources.GetValueOrDefault(id) ?? new SourceOptions();

    internal SinkOptions SinkOptions(string id, string stream) =>
        Sinks.GetValueOrDefault(id) ?? Sinks.GetValueOrDefault(stream) ?? new SinkOptions();
}

/// <summary>When and where checkpoints are taken.</summary>
public sealed class CheckpointOptions
{
    /// <summary>
    /// The folder of the checkpoints. Without one they are kept in memory: the pipeline survives its own failures, but not
    /// the end of the process.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// The time from the beginning of one checkpoint to that of the next, which is also how long output stays invisible. At least 1 ms.
    /// Default: 10 s.
    /// </summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The shortest time between the end of a checkpoint and the next one. Default: 0.</summary>
    public TimeSpan MinimumPause { get; set; }

    /// <summary>
    /// How long subtasks may take to reach the barrier before the checkpoint counts as failed. More than 0. Default: 10 min.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many checkpoints in a row may fail to be written before the pipeline does: at least 0. Default: 3.</summary>
    public int ToleratedFailures { get; set; } = 3;

    /// <summary>How many complete checkpoints are kept: at least 1. Default: 3.</summary>
    public int Retain { get; set; } = 3;
}

/// <summary>Where savepoints go, and which one to start from.</summary>
public sealed class SavepointOptions
{
    /// <summary>
    /// A folder, or a location with a scheme such as <c>s3://bucket/prefix</c>, below which each savepoint gets a place of its own, unless
    /// the call names one.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// The place of the savepoint that a job begins with. It counts at the first start, when the place of the checkpoints has none yet;
    /// later starts go on from the checkpoints, which know the savepoint that they began with. Checkpoints that began otherwise are an
    /// error.
    /// </summary>
    public string? StartFrom { get; set; }
}

/// <summary>How a failed pipeline is restarted from its last checkpoint.</summary>
public enum RestartStrategy
{
    /// <summary>After a delay that doubles at each failure in a row, with jitter.</summary>
    Exponential,

    /// <summary>After the same delay each time.</summary>
    Fixed,

    /// <summary>Not at all: the failure ends the pipeline.</summary>
    None,
}

/// <summary>
/// How a failed pipeline is restarted. Errors that would only repeat (bad rows, changed input, wrong configuration, missing permissions)
/// end it at once.
/// </summary>
public sealed class RestartOptions
{
    /// <summary>The strategy. Default: exponential.</summary>
    public RestartStrategy Strategy { get; set; } = RestartStrategy.Exponential;

    /// <summary>The delay before a restart; of the exponential strategy the first one. Default: 1 s.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay of the exponential strategy. Default: 1 min.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The part of a delay by which it varies at random, 0 to 1, so that many pipelines do not restart at once. Default: 0.1.
    /// </summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>After how many restarts in a row without a completed checkpoint the pipeline fails; 0: never. Default: 0.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>
    /// After how many failures in a row at one and the same row the pipeline fails, since an operator that always throws there would throw
    /// for ever; 0: never. Raise it where an operator depends on a service that may be down for longer than the delays between these
    /// restarts. Default: 3.
    /// </summary>
    public int MaxFailuresPerRow { get; set; } = 3;
}

/// <summary>When a pipeline counts as degraded or unhealthy.</summary>
public sealed class HealthOptions
{
    /// <summary>
    /// How long a source, a commit, or one restart after the other may fail before the pipeline is degraded: at least 0. Default: 30 s.
    /// </summary>
    public TimeSpan FailingAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After how many intervals without a complete checkpoint the pipeline is unhealthy; at the earliest after <see cref="FailingAfter"/>.
    /// 0: never. Default: 3.
    /// </summary>
    public int MissedCheckpoints { get; set; } = 3;
}

/// <summary>Configuration of one stream; what is not set keeps the value of the attribute.</summary>
public sealed class StreamOptions
{
    /// <summary>
    /// How many subtasks the task has that begins with the stream: at least 1, and at most <see cref="PipelineOptions.KeyGroups"/> where it
    /// is keyed, else 32,768. It counts before that of the pipeline.
    /// </summary>
    public int? Parallelism { get; set; }
}

/// <summary>Configuration of one source; what is not set keeps the value of the attribute.</summary>
public sealed class SourceOptions
{
    /// <summary>The file, folder or glob to read.</summary>
    public string? Path { get; set; }

    /// <summary>How far a row may lag behind the newest row of its split without being late: at least 0.</summary>
    public TimeSpan? MaxDelay { get; set; }

    /// <summary>How long a split may stay at its known end before it is idle: at least 0.</summary>
    public TimeSpan? Idle { get; set; }

    /// <summary>The size in bytes above which a plain file is divided into splits: at least 1.</summary>
    public long? SplitSize { get; set; }

    /// <summary>Whether fields of CSV in quotes may hold line ends.</summary>
    public bool? MultiLine { get; set; }

    /// <summary>How often a source of files looks for new ones, which makes it unbounded: from 1ms to 1d.</summary>
    public TimeSpan? Poll { get; set; }

    /// <summary>What to do with a row that cannot be read.</summary>
    public BadRowPolicy? OnBadRow { get; set; }

    /// <summary>The most rows to read per second, over all subtasks: more than 0.</summary>
    public double? Rate { get; set; }

    /// <summary>
    /// Files of which nothing more is read, by their paths as messages name them: what is read of each up to the last checkpoint stays in
    /// the output.
    /// </summary>
    public IReadOnlyList<string>? SetAside { get; set; }

    /// <summary>The options of its connector.</summary>
    public ConnectorSettings Settings { get; } = new();

    /// <summary>The same options with another path.</summary>
    internal SourceOptions At(string path)
    {
        var copy = (SourceOptions)MemberwiseClone();
        copy.Path = path;
        return copy;
    }
}

/// <summary>Configuration of one sink; what is not set keeps the value of the attribute.</summary>
public sealed class SinkOptions
{
    /// <summary>The folder and name of the part files.</summary>
    public string? Path { get; set; }

    /// <summary>The size in bytes at which a part file is closed: at least 1.</summary>
    public long? RollSize { get; set; }

    /// <summary>The options of its connector.</summary>
    public ConnectorSettings Settings { get; } = new();

    /// <summary>The same options with another path.</summary>
    internal SinkOptions At(string path)
    {
        var copy = (SinkOptions)MemberwiseClone();
        copy.Path = path;
        return copy;
    }
}
