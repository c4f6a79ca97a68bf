using Penstock.Connectors;
using Penstock.Hosting;
namespace Penstock;

/// <summary>
/// The options of one pipeline, bound from <c>Penstock:Pipelines:&lt;Name&gt;</c> in configuration and validated at start. Durations are
/// written like <c>500ms</c>, <c>10s</c>, <c>28h</c>; sizes like <c>64KB</c>, <c>16MB</c>.
/// </summary>
public sealed class PipelineOptions
{
    /// <summary>
    /// The number of subtasks of each task, unless its stream sets another one: 1 to 32,768, and at most <see cref="KeyGroups"/> for keyed
    /// tasks. Default: the value in <see cref="PipelineAttribute"/>, or 1 if that is not set.
    /// </summary>
    public int? Parallelism { get; set; }

    /// <summary>The maximum number of rows in a batch: 1 to 65,536. Affects speed and latency, never results. Default: 1024.</summary>
    public int BatchSize { get; set; } = 1024;

    /// <summary>
    /// The number of key groups, from the largest parallelism of a keyed task to 32,768. It cannot change for the life of a checkpoint
    /// folder. Default: 128.
    /// </summary>
    public int KeyGroups { get; set; } = 128;

    /// <summary>The maximum number of batches in the channel between two subtasks: 2 to 1024. Default: 8.</summary>
    public int ChannelCapacity { get; set; } = 8;

    /// <summary>
    /// The maximum memory for the state of all operators together, in bytes: at least 1. At the limit the pipeline fails permanently, with
    /// a message that lists how much each operator holds. Default: no limit.
    /// </summary>
    public long? StateLimit { get; set; }

    /// <summary>
    /// The maximum drift in event time: how far a source may be ahead of other sources whose rows reach the same operator or union, and a
    /// subtask of a source ahead of the others. At least 0. A source or subtask that is further ahead stops reading until the others catch
    /// up, so open windows do not accumulate. Default: the value in <see cref="PipelineAttribute"/>, or no limit if that is not set.
    /// </summary>
    public TimeSpan? MaxDrift { get; set; }

    /// <summary>The longest time that rows wait in a partly filled batch while the pipeline is busy. Default: 10 ms.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The maximum duration of the last checkpoint when the pipeline stops. Default: 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Indicates whether error messages about failed operators and unreadable rows contain the whole row. Default: false, since rows may be
    /// private. The field that cannot be read is always shown.
    /// </summary>
    public bool IncludeRowText { get; set; }

    /// <summary>The options of checkpoints.</summary>
    public CheckpointOptions Checkpoints { get; } = new();

    /// <summary>The options of savepoints.</summary>
    public SavepointOptions Savepoints { get; } = new();

    /// <summary>The options of restarts after a failure.</summary>
    public RestartOptions Restart { get; } = new();

    /// <summary>The thresholds at which the pipeline is degraded or unhealthy.</summary>
    public HealthOptions Health { get; } = new();

    /// <summary>Overrides for individual streams, by stream id.</summary>
    public Dictionary<string, StreamOptions> Streams { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Overrides for individual sources, by source id.</summary>
    public Dictionary<string, SourceOptions> Sources { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Overrides for individual sinks, by the id of the sink or of its stream.</summary>
    public Dictionary<string, SinkOptions> Sinks { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys in configuration that set these options.</summary>
    internal OptionKeys Keys { get; } = new();

    internal SourceOptions SourceOptions(string id) => Sources.GetValueOrDefault(id) ?? new SourceOptions();

    internal SinkOptions SinkOptions(string id, string stream) =>
        Sinks.GetValueOrDefault(id) ?? Sinks.GetValueOrDefault(stream) ?? new SinkOptions();

    /// <summary>The id under which the options of a sink are set: its own, or that of its stream.</summary>
    internal string SinkKey(string id, string stream) => !Sinks.ContainsKey(id) && Sinks.ContainsKey(stream) ? stream : id;
}

/// <summary>The options of checkpoints: when and where they are taken.</summary>
public sealed class CheckpointOptions
{
    /// <summary>
    /// The folder for checkpoints. If not set, checkpoints are kept in memory: the pipeline recovers from its own failures, but not from
    /// the end of the process.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// The time from the start of one checkpoint to the start of the next. Output stays invisible for that long. At least 1 ms. Default: 10
    /// s.
    /// </summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The minimum time between the end of a checkpoint and the start of the next. Default: 0.</summary>
    public TimeSpan MinimumPause { get; set; }

    /// <summary>
    /// The maximum time for all subtasks to reach the barrier; a checkpoint that takes longer has failed. More than 0. Default: 10 min.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The number of consecutive checkpoints that may fail to be written; one more failure restarts the pipeline. At least 0. Default: 3.
    /// </summary>
    public int ToleratedFailures { get; set; } = 3;

    /// <summary>The number of complete checkpoints to keep: at least 1. Default: 3.</summary>
    public int Retain { get; set; } = 3;
}

/// <summary>The options of savepoints: where they are written, and which one to start from.</summary>
public sealed class SavepointOptions
{
    /// <summary>
    /// A folder, or a location with a scheme such as <c>s3://bucket/prefix</c>. Each savepoint for which the call names no path gets a new
    /// place below it.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// The place of the savepoint to start from. Used at the first start only, when there are no checkpoints yet; later starts restore the
    /// last checkpoint, which records the savepoint that the job started from. It is an error if the existing checkpoints did not start
    /// from this savepoint.
    /// </summary>
    public string? StartFrom { get; set; }
}

/// <summary>The strategy for restarting a failed pipeline from its last checkpoint.</summary>
public enum RestartStrategy
{
    /// <summary>Restarts after a delay that doubles with each consecutive failure, with jitter.</summary>
    Exponential,

    /// <summary>Restarts after the same delay each time.</summary>
    Fixed,

    /// <summary>Does not restart: the first failure ends the pipeline.</summary>
    None,
}

/// <summary>
/// The options for restarting a failed pipeline. Errors that would only repeat (bad rows, changed input, wrong configuration, missing
/// permissions) end the pipeline immediately.
/// </summary>
public sealed class RestartOptions
{
    /// <summary>The restart strategy. Default: exponential.</summary>
    public RestartStrategy Strategy { get; set; } = RestartStrategy.Exponential;

    /// <summary>The delay before a restart; for the exponential strategy, the first delay. Default: 1 s.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay of the exponential strategy. Default: 1 min.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The fraction by which each delay varies at random, 0 to 1, which prevents many pipelines from restarting at the same time. Default:
    /// 0.1.
    /// </summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>
    /// The number of consecutive restarts without a completed checkpoint after which the pipeline fails permanently; 0 for no limit.
    /// Default: 0.
    /// </summary>
    public int MaxAttempts { get; set; }

    /// <summary>
    /// The number of consecutive failures at the same row after which the pipeline fails permanently, because an operator that always
    /// throws at a row would restart forever; 0 for no limit. Raise it for operators that depend on a service whose outages may last longer
    /// than the delays between these restarts. Default: 3.
    /// </summary>
    public int MaxFailuresPerRow { get; set; } = 3;
}

/// <summary>The thresholds at which a pipeline is degraded or unhealthy.</summary>
public sealed class HealthOptions
{
    /// <summary>
    /// The time for which a source, a commit or consecutive restarts may fail before the pipeline is degraded: at least 0. Default: 30 s.
    /// </summary>
    public TimeSpan FailingAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The number of checkpoint intervals without a complete checkpoint after which the pipeline is unhealthy, but not before
    /// <see cref="FailingAfter"/>; 0 for never. Default: 3.
    /// </summary>
    public int MissedCheckpoints { get; set; } = 3;
}

/// <summary>The configuration of one stream. Options that are not set keep the value of the attribute.</summary>
public sealed class StreamOptions
{
    /// <summary>
    /// The parallelism of the task that begins with the stream: at least 1, and at most <see cref="PipelineOptions.KeyGroups"/> if it is
    /// keyed, otherwise 32,768. It overrides the parallelism of the pipeline.
    /// </summary>
    public int? Parallelism { get; set; }

    /// <summary>For <c>[AsyncMap]</c>, the maximum number of rows in flight in each subtask: 1 to 65,536.</summary>
    public int? Concurrency { get; set; }

    /// <summary>For <c>[AsyncMap]</c>, the maximum time of a call: longer than 0.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>For <c>[AsyncMap]</c>, the maximum number of calls per second, over all subtasks: more than 0.</summary>
    public double? Rate { get; set; }
}

/// <summary>The configuration of one source. Options that are not set keep the value of the attribute.</summary>
public sealed class SourceOptions
{
    /// <summary>The file, folder or glob to read.</summary>
    public string? Path { get; set; }

    /// <summary>The maximum delay: how far a row may be behind the newest row of its split without being late. At least 0.</summary>
    public TimeSpan? MaxDelay { get; set; }

    /// <summary>The time without new rows at its known end after which a split is idle: at least 0.</summary>
    public TimeSpan? Idle { get; set; }

    /// <summary>The size in bytes above which an uncompressed file is divided into splits: at least 1.</summary>
    public long? SplitSize { get; set; }

    /// <summary>Indicates whether quoted CSV fields may contain line breaks.</summary>
    public bool? MultiLine { get; set; }

    /// <summary>The interval at which a file source looks for new files, from 1 ms to 1 d. Setting it makes the source unbounded.</summary>
    public TimeSpan? Poll { get; set; }

    /// <summary>The policy for rows that cannot be read.</summary>
    public BadRowPolicy? OnBadRow { get; set; }

    /// <summary>The maximum number of rows to read per second, over all subtasks: more than 0.</summary>
    public double? Rate { get; set; }

    /// <summary>
    /// The files to stop reading, by their paths as shown in messages. Rows read from them before the last checkpoint stay in the output.
    /// </summary>
    public IReadOnlyList<string>? SkipFiles { get; set; }

    /// <summary>The options of the connector.</summary>
    public ConnectorSettings Settings { get; } = new();

    /// <summary>The name of an option that is set and applies only to a source that reads files, or null.</summary>
    internal string? FirstOfFiles => SplitSize != null ? nameof(SplitSize)
        : MultiLine != null ? nameof(MultiLine)
        : Poll != null ? nameof(Poll)
        : SkipFiles != null ? nameof(SkipFiles)
        : null;

    /// <summary>Returns a copy with another path.</summary>
    internal SourceOptions At(string path)
    {
        var copy = (SourceOptions)MemberwiseClone();
        copy.Path = path;
        return copy;
    }
}

/// <summary>The configuration of one sink. Options that are not set keep the value of the attribute.</summary>
public sealed class SinkOptions
{
    /// <summary>The folder and name of the part files.</summary>
    public string? Path { get; set; }

    /// <summary>The size in bytes at which a part file is closed: at least 1.</summary>
    public long? RollSize { get; set; }

    /// <summary>The options of the connector.</summary>
    public ConnectorSettings Settings { get; } = new();

    /// <summary>Returns a copy with another path.</summary>
    internal SinkOptions At(string path)
    {
        var copy = (SinkOptions)MemberwiseClone();
        copy.Path = path;
        return copy;
    }
}
