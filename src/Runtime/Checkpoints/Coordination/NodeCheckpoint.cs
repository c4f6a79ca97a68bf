namespace Penstock.Checkpoints;

/// <summary>A checkpoint on one node: the frozen state of its subtasks. Not thread-safe; the node serializes the calls.</summary>
/// <param name="id">The id of the checkpoint.</param>
/// <param name="completion">The options for its tasks, which determine where continuations run.</param>
internal sealed class NodeCheckpoint(long id, TaskCreationOptions completion)
{
    private readonly TaskCompletionSource _aligned = new(completion);
    private bool _isOver;

    public long Id => id;

    /// <summary>The snapshots of the subtasks.</summary>
    public List<SubtaskSnapshot> Snapshots { get; } = [];

    /// <summary>Completes when all subtasks have reached the barrier; cancelled when the wait is cancelled.</summary>
    public Task Aligned => _aligned.Task;

    /// <summary>Adds the snapshot of a subtask.</summary>
    /// <returns><c>false</c> if the checkpoint is over; the snapshot then still belongs to the caller.</returns>
    public bool TryAdd(SubtaskSnapshot snapshot)
    {
        if (!_isOver)
        {
            Snapshots.Add(snapshot);
        }

        return !_isOver;
    }

    /// <summary>Completes <see cref="Aligned"/> if this number of subtasks has been added.</summary>
    public void CompleteIfAligned(int subtasks)
    {
        if (Snapshots.Count == subtasks)
        {
            _aligned.TrySetResult();
        }
    }

    /// <summary>Cancels the wait for subtasks.</summary>
    public void Cancel() => _aligned.TrySetCanceled();

    /// <summary>Ends the freeze of all snapshots. Called once.</summary>
    public void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            Snapshots.ForEach(static snapshot => snapshot.End());
        }
    }
}
