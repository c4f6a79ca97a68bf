using System.Text.Json.Serialization;
using Penstock.Hosting;

namespace Penstock;

/// <summary>Where a pipeline is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PipelineState>))]
public enum PipelineState
{
    /// <summary>It restores its state and opens its sources.</summary>
    Starting,

    /// <summary>It reads its sources and takes checkpoints.</summary>
    Running,

    /// <summary>It failed and waits for its restart.</summary>
    Restarting,

    /// <summary>
    /// It was stopped after a last checkpoint, or while it waited for a restart; the next start goes on from its last checkpoint.
    /// </summary>
    Stopped,

    /// <summary>It was stopped, but its last checkpoint was not ready in time; the next start goes on from the one before.</summary>
    StoppedWithoutCheckpoint,

    /// <summary>Its input has ended and all output is committed.</summary>
    Finished,

    /// <summary>It failed for good.</summary>
    Failed,
}

/// <summary>
/// What a pipeline has done so far. The counts are those of the job, across restarts. As JSON, <see cref="Error"/> is the text of its
/// message.
/// </summary>
/// <param name="Name">The name of the pipeline.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Rows">Rows read from sources, without bad ones.</param>
/// <param name="RowsBefore">How many of them earlier processes had read.</param>
/// <param name="Late">Rows that came too late for their window.</param>
/// <param name="Bad">Rows that could not be read.</param>
/// <param name="Windows">Windows fired, counted per key.</param>
/// <param name="Watermark">
/// The lowest watermark of the sources (see <see cref="SourceStatus.Watermark"/>); null before the first row and after the last. It does
/// not go back while the pipeline runs; a restart goes back to its checkpoint.
/// </param>
/// <param name="LastCheckpoint">The last complete checkpoint; null before the first.</param>
/// <param name="Restarts">How often the pipeline restarted in this process.</param>
/// <param name="WasAlreadyFinished">Whether the job had finished before this process started.</param>
/// <param name="Error">Why the pipeline failed last.</param>
public sealed record PipelineStatus(
    string Name,
    PipelineState State,
    long Rows,
    long RowsBefore,
    long Late,
    long Bad,
    long Windows,
    DateTimeOffset? Watermark,
    CheckpointStatus? LastCheckpoint,
    int Restarts,
    bool WasAlreadyFinished,
    [property: JsonConverter(typeof(ErrorJsonConverter))] Exception? Error)
{
    /// <summary>How well it does.</summary>
    public PipelineHealth Health { get; init; }

    /// <summary>Why it is not healthy; null when it is.</summary>
    public string? HealthReason { get; init; }

    /// <summary>The memory of the state of all operators, in bytes: their tables, and an estimate of what entries refer to.</summary>
    public long StateBytes { get; init; }

    /// <summary>What each source has read, in the order of the plan.</summary>
    public IReadOnlyList<SourceStatus> Sources { get; init; } = [];
}

/// <summary>A complete checkpoint.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was complete.</param>
/// <param name="Duration">The time from its trigger to its commit.</param>
/// <param name="StateBytes">The size of the state.</param>
public sealed record CheckpointStatus(long Id, DateTimeOffset At, TimeSpan Duration, long StateBytes);
