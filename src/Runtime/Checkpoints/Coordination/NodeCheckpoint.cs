namespace Penstock.Checkpoints;

/// <summary>
/// A checkpoint as a node takes part in it: what its subtasks have frozen. Whoever has the node calls it, one call at a time.
/// </summary>
/// <param name="id">The checkpoint.</param>
/// <param name="completion">How what waits for it goes on.</param>
internal sealed class NodeCheckpoint(long id, TaskCreationOptions completion)
{
    private readonly TaskCompletionSource _aligned = new(completion);
    private bool _isOver;

    public long Id => id;

    /// <summary>What the subtasks have frozen.</summary>
    public List<SubtaskSnapshot> Snapshots { get; } = [];

    /// <summary>Completes when all subtasks have reached the barrier; cancelled when that is waited for no longer.</summary>
    public Task Aligned => _aligned.Task;

    /// <summary>Takes what a subtask has frozen.</summary>
    /// <returns>False where the checkpoint is over: then it is still the caller's.</returns>
    public bool TryAdd(SubtaskSnapshot snapshot)
    {
        if (!_isOver)
        {
            Snapshots.Add(snapshot);
        }

        return !_isOver;
    }

    /// <summary>Notes that so many subtasks are all that there are.</summary>
    public void NoteComplete(int subtasks)
    {
        if (Snapshots.Count == subtasks)
        {
            _aligned.TrySetResult();
        }
    }

    /// <summary>Waits no longer for subtasks.</summary>
    public void Cancel() => _aligned.TrySetCanceled();

    /// <summary>Ends the freeze of what was frozen; once.</summary>
    public void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            Snapshots.ForEach(static snapshot => snapshot.End());
        }
    }
}
