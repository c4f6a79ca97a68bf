namespace Penstock.Checkpoints;

/// <summary>
/// The state files that the next checkpoint can build on. It decides when the state is written whole again: so a restore never
/// reads more than a few files, nor much more than the state is large.
/// </summary>
internal sealed class StateChain
{
    private const int MaxCheckpoints = 10;

    private List<List<CheckpointPart>> _checkpoints = [];

    /// <summary>
    /// Whether the next checkpoint must write all of the state. True at the start, since tables know only their own changes.
    /// </summary>
    public bool NextIsWhole => _checkpoints.Count is 0 or MaxCheckpoints || _checkpoints.Skip(1).Sum(LengthOf) > LengthOf(_checkpoints[0]);

    /// <summary>What a checkpoint consists of.</summary>
    /// <param name="isWhole">Whether it saves all of the state.</param>
    /// <param name="parts">What the nodes have written of it.</param>
    /// <returns>All files, oldest first, and where the state of each subtask lies in them.</returns>
    public (List<StateFile> Files, List<SubtaskState> State) With(bool isWhole, List<CheckpointPart> parts)
    {
        List<CheckpointPart> all = isWhole ? parts : [.. _checkpoints.SelectMany(static checkpoint => checkpoint), .. parts];
        var state = all.SelectMany(static (part, file) =>
            part.State.Select(subtask => (subtask.Task, subtask.Subtask, Piece: subtask.Pieces.Single() with { File = file })))
            .GroupBy(static piece => (piece.Task, piece.Subtask), static piece => piece.Piece)
            .Select(static subtask => new SubtaskState(subtask.Key.Task, subtask.Key.Subtask, [.. subtask]));
        return (all.ConvertAll(static part => part.File), [.. state]);
    }

    /// <summary>A checkpoint is complete: the next one is about what changes from here on.</summary>
    /// <param name="isWhole">Whether it has all of the state.</param>
    /// <param name="parts">What the nodes have written of it.</param>
    public void Completed(bool isWhole, List<CheckpointPart> parts) => _checkpoints = isWhole ? [parts] : [.. _checkpoints, parts];

    /// <summary>A checkpoint failed, and what it was about was not written.</summary>
    public void Failed() => _checkpoints = [];

    private static long LengthOf(List<CheckpointPart> checkpoint) => checkpoint.Sum(static part => part.File.Length);
}
