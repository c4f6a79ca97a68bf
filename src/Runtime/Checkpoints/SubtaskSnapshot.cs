using Penstock.State;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>What a subtask contributes to a checkpoint.</summary>
internal sealed class SubtaskSnapshot(string task, int subtask, StateBuffer state, SubtaskCounters counters)
{
    public string Task { get; } = task;

    public int Subtask { get; } = subtask;

    /// <summary>The serialized state; it stays as it is until the subtask's next checkpoint.</summary>
    public StateBuffer State { get; } = state;

    public SubtaskCounters Counters { get; } = counters;

    public List<StateSection> Sections { get; } = [];

    public List<PreparedSink> Prepared { get; } = [];
}

/// <summary>A part of a subtask's state: whose it is, its layout, and where it lies among the subtask's bytes.</summary>
internal sealed record StateSection(string Id, string Schema, long Offset, long Length);

/// <summary>A sink writer's output of a checkpoint, once it is durable.</summary>
internal sealed record PreparedSink(string Id, Task<byte[]> Done);
