using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>The contribution of a subtask to a checkpoint.</summary>
internal sealed class SubtaskSnapshot(string task, int subtask, TaskCounters counters)
{
    public string Task { get; } = task;

    public int Subtask { get; } = subtask;

    public TaskCounters Counters { get; } = counters;

    public List<FrozenState> Parts { get; } = [];

    public List<PreparedSink> Prepared { get; } = [];

    /// <summary>Ends the freeze of every part. Called once.</summary>
    public void End()
    {
        foreach (var part in Parts)
        {
            part.State.End();
        }
    }
}

/// <summary>A part of a subtask's state as of the barrier: its owner, its schema, its key groups if it is keyed, and its content.</summary>
internal sealed record FrozenState(string Id, string Schema, KeyGroupRange? KeyGroups, IFrozenPart State);

/// <summary>A sink writer's output of a checkpoint, when it is durable.</summary>
internal sealed record PreparedSink(string Id, long Checkpoint, Task<byte[]> Done);
