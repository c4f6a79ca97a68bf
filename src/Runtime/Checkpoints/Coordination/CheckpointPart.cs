namespace Penstock.Checkpoints;

/// <summary>The part of a checkpoint that one node has written, as plain data.</summary>
/// <param name="Node">The node.</param>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="File">The state file of its subtasks.</param>
/// <param name="State">The location of each subtask's state in the file: one piece, with file number 0.</param>
/// <param name="Prepared">
/// The output that its sink writers have prepared, by sink: for this checkpoint, and for failed ones before it.
/// </param>
/// <param name="Counters">The counters of its subtasks in this attempt, by task.</param>
internal sealed record CheckpointPart(
    int Node,
    long Checkpoint,
    StateFile File,
    List<SubtaskState> State,
    Dictionary<string, List<byte[]>> Prepared,
    Dictionary<string, TaskCounters> Counters);
