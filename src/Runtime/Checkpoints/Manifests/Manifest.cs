using System.Text.Json.Serialization;
using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>The manifest of a checkpoint: everything needed to verify it, restore it and commit its output.</summary>
internal sealed record Manifest
{
    /// <summary>The format of manifests and state files that this release writes.</summary>
    public const int CurrentFormat = 3;

    /// <summary>The id of the job, shared by all runs of the pipeline that continue each other.</summary>
    public required string Job { get; init; }

    public required string Pipeline { get; init; }

    public required long Id { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required string PenstockVersion { get; init; }

    /// <summary>Indicates whether the job has finished: every source has ended, and every window and timer has fired.</summary>
    public required bool Terminal { get; init; }

    /// <summary>
    /// Indicates whether event time was advanced to its end although sources had more rows. A job that resumes from here starts with new
    /// windows.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Drained { get; init; }

    /// <summary>The id of a savepoint; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Savepoint { get; init; }

    /// <summary>The savepoint from which the job started, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SavepointOrigin? StartedFrom { get; init; }

    /// <summary>The parallelism of each task.</summary>
    public required Dictionary<string, int> Subtasks { get; init; }

    public required int KeyGroups { get; init; }

    /// <summary>The secret in the hashes of the job's tables, or null in checkpoints of release 0.1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Secret { get; init; }

    /// <summary>The files that together contain the state, oldest first.</summary>
    public required List<StateFile> Files { get; init; }

    /// <summary>The location of each subtask's state in the files.</summary>
    public required List<SubtaskState> State { get; init; }

    /// <summary>The data in transit between subtasks, or null if there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChannelState? ChannelState { get; init; }

    public required List<SinkState> Sinks { get; init; }

    /// <summary>The counters of the job, by task.</summary>
    public required Dictionary<string, TaskCounters> Counters { get; init; }
}

/// <summary>The savepoint from which a job started: its id, and its location at that time.</summary>
internal sealed record SavepointOrigin(string Id, string Location);

/// <summary>A state file.</summary>
internal sealed record StateFile(string Name, long Length);

/// <summary>The state of a subtask: a piece with the whole state, then pieces with its changes, oldest first.</summary>
internal sealed record SubtaskState(string Task, int Subtask, List<StatePiece> Pieces);

/// <summary>
/// The part of a subtask's state that one checkpoint wrote: the number of its file, its location there, and the checksum of each of its
/// blocks.
/// </summary>
internal sealed record StatePiece(int File, long Offset, long Length, List<string> Checksums, List<StateSection> Sections);

/// <summary>
/// A part of a subtask's state: its owner, its schema, its location in its piece, and the key groups of its entries, or null if it is not
/// keyed.
/// </summary>
internal sealed record StateSection(
    string Id,
    string Schema,
    long Offset,
    long Length,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KeyGroupRange? KeyGroups);

/// <summary>The format of data in transit between subtasks. This release neither writes nor reads any.</summary>
internal sealed record ChannelState(int Version);

/// <summary>The data for the committer of a sink, and the place of the sink.</summary>
internal sealed record SinkState(string Id, string? Place, List<byte[]> Prepared);

/// <summary>The counters of a task, over its subtasks and over restarts.</summary>
internal sealed record TaskCounters(
    long RowsIn,
    long RowsOut,
    long Late,
    long Bad,
    long Windows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Untimed = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long OutOfOrder = 0)
{
    /// <summary>All counters are zero.</summary>
    public static TaskCounters None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Returns the counters of a subtask.</summary>
    public static TaskCounters Of(SubtaskCounters counters) =>
        new(
            counters.RowsIn,
            counters.RowsOut,
            counters.Late,
            counters.Bad,
            counters.Windows,
            counters.Untimed,
            counters.OutOfOrder);

    public static TaskCounters operator +(TaskCounters left, TaskCounters right) => new(
        left.RowsIn + right.RowsIn,
        left.RowsOut + right.RowsOut,
        left.Late + right.Late,
        left.Bad + right.Bad,
        left.Windows + right.Windows,
        left.Untimed + right.Untimed,
        left.OutOfOrder + right.OutOfOrder);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(List<OldStateFile>))]
internal sealed partial class ManifestJson : JsonSerializerContext;
