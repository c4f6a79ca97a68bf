using System.Text.Json.Serialization;
using Penstock.Hosting;

namespace Penstock;

/// <summary>The state of a pipeline in its life cycle.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PipelineState>))]
public enum PipelineState
{
    /// <summary>The pipeline restores its state and opens its sources.</summary>
    Starting,

    /// <summary>The pipeline reads its sources and takes checkpoints.</summary>
    Running,

    /// <summary>The pipeline failed and waits for its restart.</summary>
    Restarting,

    /// <summary>
    /// The pipeline was stopped after a last checkpoint, or while it waited for a restart. The next start resumes from its last checkpoint.
    /// </summary>
    Stopped,

    /// <summary>
    /// The pipeline was stopped, but its last checkpoint did not complete in time. The next start resumes from the previous checkpoint.
    /// </summary>
    StoppedWithoutCheckpoint,

    /// <summary>The input has ended and all output is committed.</summary>
    Finished,

    /// <summary>The pipeline failed permanently.</summary>
    Failed,
}

/// <summary>
/// A snapshot of the progress of a pipeline. The counts are those of the job, across restarts. In JSON, <see cref="Error"/> is its message.
/// </summary>
/// <param name="Name">The name of the pipeline.</param>
/// <param name="State">The state of the pipeline.</param>
/// <param name="Rows">Rows read from sources, without bad ones.</param>
/// <param name="RowsRestored">The number of those rows that earlier processes had read.</param>
/// <param name="Late">Late rows, which came too late for their window, or for their place in a sort.</param>
/// <param name="Bad">Rows that could not be read.</param>
/// <param name="Windows">Windows fired, counted per key.</param>
/// <param name="Watermark">
/// The lowest watermark of the sources (see <see cref="SourceStatus.Watermark"/>), or null before the first row and after the last. It
/// never decreases while an attempt runs; a restart resets it to its checkpoint.
/// </param>
/// <param name="LastCheckpoint">The last complete checkpoint, or null before the first.</param>
/// <param name="Restarts">The number of restarts in this process.</param>
/// <param name="WasAlreadyFinished">Indicates whether the job had finished before this process started.</param>
/// <param name="Error">The last failure.</param>
public sealed record PipelineStatus(
    string Name,
    PipelineState State,
    long Rows,
    long RowsRestored,
    long Late,
    long Bad,
    long Windows,
    DateTimeOffset? Watermark,
    CheckpointStatus? LastCheckpoint,
    int Restarts,
    bool WasAlreadyFinished,
    [property: JsonConverter(typeof(ErrorJsonConverter))] Exception? Error)
{
    /// <summary>The health of the pipeline.</summary>
    public PipelineHealth Health { get; init; }

    /// <summary>The reason why the pipeline is not healthy, or null if it is.</summary>
    public string? HealthReason { get; init; }

    /// <summary>
    /// The memory of the state of all operators in bytes: their tables, plus an estimate for the objects that entries refer to.
    /// </summary>
    public long StateBytes { get; init; }

    /// <summary>Rows whose event time was null: see <see cref="SourceStatus.RowsUntimed"/>.</summary>
    public long Untimed { get; init; }

    /// <summary>The slowest of the splits of all sources, which determines <see cref="Watermark"/>; null if no split does.</summary>
    public SlowestSplit? SlowestSplit { get; init; }

    /// <summary>The status of each source, in the order of the plan.</summary>
    public IReadOnlyList<SourceStatus> Sources { get; init; } = [];
}

/// <summary>A complete checkpoint.</summary>
/// <param name="Id">The id of the checkpoint.</param>
/// <param name="CompletedAt">The time of completion.</param>
/// <param name="Duration">The time from the trigger to the commit.</param>
/// <param name="StateBytes">The size of the state in bytes.</param>
public sealed record CheckpointStatus(long Id, DateTimeOffset CompletedAt, TimeSpan Duration, long StateBytes);
