namespace Penstock.Checkpoints;

/// <summary>
/// The state files on which the next checkpoint can build. Determines when the whole state is written again, so that a restore never reads
/// more than a few files, nor much more than the size of the state.
/// </summary>
internal sealed class StateChain
{
    private const int MaxCheckpoints = 10;

    private List<List<CheckpointPart>> _checkpoints = [];

    /// <summary>
    /// Indicates whether the next checkpoint must write the whole state. True at the start, since tables track only their own changes.
    /// </summary>
    public bool NextIsWhole => _checkpoints.Count is 0 or MaxCheckpoints || _checkpoints.Skip(1).Sum(LengthOf) > LengthOf(_checkpoints[0]);

    /// <summary>Returns the contents of a checkpoint.</summary>
    /// <param name="isWhole"><c>true</c> if it contains the whole state.</param>
    /// <param name="parts">The parts that the nodes have written.</param>
    /// <returns>All files, oldest first, with the location of each subtask's state in them.</returns>
    public (List<StateFile> Files, List<SubtaskState> State) With(bool isWhole, List<CheckpointPart> parts)
    {
        List<CheckpointPart> all = isWhole ? parts : [.. _checkpoints.SelectMany(static checkpoint => checkpoint), .. parts];
        var state = all.SelectMany(static (part, file) =>
            part.State.Select(subtask => (subtask.Task, subtask.Subtask, Piece: subtask.Pieces.Single() with { File = file })))
            .GroupBy(static piece => (piece.Task, piece.Subtask), static piece => piece.Piece)
            .Select(static subtask => new SubtaskState(subtask.Key.Task, subtask.Key.Subtask, [.. subtask]));
        return (all.ConvertAll(static part => part.File), [.. state]);
    }

    /// <summary>Records a completed checkpoint: the next one contains the changes since then.</summary>
    /// <param name="isWhole"><c>true</c> if it contains the whole state.</param>
    /// <param name="parts">The parts that the nodes have written.</param>
    public void Completed(bool isWhole, List<CheckpointPart> parts) => _checkpoints = isWhole ? [parts] : [.. _checkpoints, parts];

    /// <summary>Records a failed checkpoint, whose changes were not written.</summary>
    public void Failed() => _checkpoints = [];

    private static long LengthOf(List<CheckpointPart> checkpoint) => checkpoint.Sum(static part => part.File.Length);
}
