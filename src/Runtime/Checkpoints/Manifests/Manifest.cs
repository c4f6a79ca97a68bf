using System.Text.Json.Serialization;
using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>What makes a checkpoint: everything needed to verify it, restore it and commit its output.</summary>
internal sealed record Manifest
{
    /// <summary>The layout of manifests and state files that this release writes.</summary>
    public const int CurrentFormat = 3;

    /// <summary>The job: of all the runs of the pipeline those that continue each other.</summary>
    public required string Job { get; init; }

    public required string Pipeline { get; init; }

    public required long Id { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required string PenstockVersion { get; init; }

    /// <summary>Whether the job has finished: every source has ended and every window has fired.</summary>
    public required bool Terminal { get; init; }

    /// <summary>
    /// Whether event time was moved to its end although sources had more rows: a job that goes on from here begins with new windows.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Drained { get; init; }

    /// <summary>Of a savepoint: its id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Savepoint { get; init; }

    /// <summary>The savepoint that the job began with, if it did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SavepointOrigin? StartedFrom { get; init; }

    /// <summary>How many subtasks each task had.</summary>
    public required Dictionary<string, int> Subtasks { get; init; }

    public required int KeyGroups { get; init; }

    /// <summary>The secret in the hashes of the job's tables; null in checkpoints of release 0.1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Secret { get; init; }

    /// <summary>The files that together are the state, oldest first.</summary>
    public required List<StateFile> Files { get; init; }

    /// <summary>Where in the files the state of each subtask lies.</summary>
    public required List<SubtaskState> State { get; init; }

    /// <summary>What was under way between subtasks; null where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChannelState? ChannelState { get; init; }

    public required List<SinkState> Sinks { get; init; }

    /// <summary>What the job has counted so far, by task.</summary>
    public required Dictionary<string, TaskCounters> Counters { get; init; }
}

/// <summary>A savepoint that a job began with: its id, and where it was then.</summary>
internal sealed record SavepointOrigin(string Id, string Location);

/// <summary>A state file.</summary>
internal sealed record StateFile(string Name, long Length);

/// <summary>The state of a subtask: a piece with all of it, then pieces with what has changed since, oldest first.</summary>
internal sealed record SubtaskState(string Task, int Subtask, List<StatePiece> Pieces);

/// <summary>
/// What one checkpoint wrote of a subtask's state: the number of its file, where it lies there, and the checksum of each of its blocks.
/// </summary>
internal sealed record StatePiece(int File, long Offset, long Length, List<string> Checksums, List<StateSection> Sections);

/// <summary>
/// A part of a subtask's state: whose it is, its layout, where it lies in its piece, and the key groups that it has entries of; null where
/// it is not by key.
/// </summary>
internal sealed record StateSection(
    string Id,
    string Schema,
    long Offset,
    long Length,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KeyGroupRange? KeyGroups);

/// <summary>The layout of what was under way between subtasks. This release writes none and reads none.</summary>
internal sealed record ChannelState(int Version);

/// <summary>What the committer of a sink needs, and where the sink writes.</summary>
internal sealed record SinkState(string Id, string? Place, List<byte[]> Prepared);

/// <summary>The counts of a task, over its subtasks and over restarts.</summary>
internal sealed record TaskCounters(long RowsIn, long RowsOut, long Late, long Bad, long Windows)
{
    /// <summary>Nothing was counted.</summary>
    public static TaskCounters None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>What a subtask has counted.</summary>
    public static TaskCounters Of(SubtaskCounters counters) =>
        new(counters.RowsIn, counters.RowsOut, counters.Late, counters.Bad, counters.Windows);

    public static TaskCounters operator +(TaskCounters left, TaskCounters right) => new(
        left.RowsIn + right.RowsIn,
        left.RowsOut + right.RowsOut,
        left.Late + right.Late,
        left.Bad + right.Bad,
        left.Windows + right.Windows);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(List<OldStateFile>))]
internal sealed partial class ManifestJson : JsonSerializerContext;
