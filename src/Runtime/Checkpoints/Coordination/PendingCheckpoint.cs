using Penstock.Network;

namespace Penstock.Checkpoints;

/// <summary>A checkpoint that is being taken: which nodes have written their part of it, and which ones may still be writing.</summary>
/// <param name="barrier">Its barrier.</param>
/// <param name="nodes">The nodes that take part.</param>
/// <param name="completion">How what waits for it goes on.</param>
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
    /// Completes when all nodes have written their part, or have given it up: nothing of the checkpoint is being written any more.
    /// </summary>
    public Task Answered => _answered.Task;

    /// <summary>Takes the part of a node.</summary>
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

    /// <summary>Notes that a node has given up its part, so that there will be no such checkpoint.</summary>
    public void Fail(int node, Exception cause)
    {
        _complete.TrySetException(cause);
        _missing.Remove(node);
        if (_missing.Count == 0)
        {
            _answered.TrySetResult();
        }
    }

    /// <summary>Waits no longer.</summary>
    public void Cancel() => _complete.TrySetCanceled();
}
