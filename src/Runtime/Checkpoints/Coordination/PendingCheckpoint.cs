using Penstock.Network;

namespace Penstock.Checkpoints;

/// <summary>A checkpoint in progress: the nodes that have written their part of it, and those that may still be writing.</summary>
/// <param name="barrier">The barrier of the checkpoint.</param>
/// <param name="nodes">The nodes of the job.</param>
/// <param name="completion">The options for its tasks, which determine where continuations run.</param>
internal sealed class PendingCheckpoint(CheckpointBarrier barrier, IEnumerable<int> nodes, TaskCreationOptions completion)
{
    private readonly TaskCompletionSource<List<CheckpointPart>> _complete = new(completion);
    private readonly TaskCompletionSource _answered = new(completion);
    private readonly HashSet<int> _missing = [.. nodes];
    private readonly List<CheckpointPart> _parts = [];

    public long Id => barrier.Checkpoint;

    public CheckpointBarrier Barrier => barrier;

    public CheckpointMode Mode => barrier.Mode;

    public bool IsWhole => barrier.IsWhole;

    /// <summary>Completes with the parts of all nodes.</summary>
    public Task<List<CheckpointPart>> Parts => _complete.Task;

    /// <summary>
    /// Completes when all nodes have written or abandoned their part, so that nothing of the checkpoint is being written.
    /// </summary>
    public Task Answered => _answered.Task;

    /// <summary>Adds the part of a node.</summary>
    public void Add(CheckpointPart part)
    {
        if (_missing.Remove(part.Node))
        {
            _parts.Add(part);
        }

        if (_missing.Count == 0)
        {
            _complete.TrySetResult(_parts);
            _answered.TrySetResult();
        }
    }

    /// <summary>Records that a node has abandoned its part, so that the checkpoint fails.</summary>
    public void Fail(int node, Exception cause)
    {
        _complete.TrySetException(cause);
        _missing.Remove(node);
        if (_missing.Count == 0)
        {
            _answered.TrySetResult();
        }
    }

    /// <summary>Cancels the wait.</summary>
    public void Cancel() => _complete.TrySetCanceled();
}
