namespace Penstock;

/// <summary>
/// A savepoint: the whole state of a pipeline at one moment, in a place of its own. It is never deleted by Penstock, and may be copied
/// anywhere.
/// </summary>
/// <param name="Location">Where it is; what <see cref="SavepointOptions.StartFrom"/> takes.</param>
/// <param name="Checkpoint">The number of the checkpoint that it is a copy of.</param>
/// <param name="TakenAt">When that was taken.</param>
/// <param name="Bytes">The size of the state.</param>
public sealed record Savepoint(string Location, long Checkpoint, DateTimeOffset TakenAt, long Bytes);
