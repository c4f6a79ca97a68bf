namespace Penstock.Checkpoints;

/// <summary>What one node has written of a checkpoint, as plain data.</summary>
/// <param name="Node">The node.</param>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="File">The state of its subtasks.</param>
/// <param name="Prepared">What its sink writers have prepared, by sink: for this checkpoint, and for those before it that failed.</param>
/// <param name="Counters">What its subtasks have counted in this attempt, by task.</param>
internal sealed record CheckpointPart(
    string Node, long Checkpoint, StateFile File, Dictionary<string, List<byte[]>> Prepared, Dictionary<string, TaskCounters> Counters);
