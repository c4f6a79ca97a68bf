namespace Penstock.Checkpoints;

/// <summary>What one node has written of a checkpoint, as plain data.</summary>
/// <param name="Node">The node.</param>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="File">The file with the state of its subtasks.</param>
/// <param name="State">Where in the file the state of each lies: one piece, whose file has the number 0.</param>
/// <param name="Prepared">What its sink writers have prepared, by sink: for this checkpoint, and for those before it that failed.</param>
/// <param name="Counters">What its subtasks have counted in this attempt, by task.</param>
internal sealed record CheckpointPart(
    int Node,
    long Checkpoint,
    StateFile File,
    List<SubtaskState> State,
    Dictionary<string, List<byte[]>> Prepared,
    Dictionary<string, TaskCounters> Counters);
