namespace Penstock;

/// <summary>
/// A savepoint: the whole state of a pipeline at one point, in its own place. Penstock never deletes it, and it may be copied anywhere.
/// </summary>
/// <param name="Location">The location, which can be used as <see cref="SavepointOptions.StartFrom"/>.</param>
/// <param name="Checkpoint">The id of the checkpoint of which it is a copy.</param>
/// <param name="TakenAt">The time at which that checkpoint was taken.</param>
/// <param name="Bytes">The size of the state in bytes.</param>
public sealed record Savepoint(string Location, long Checkpoint, DateTimeOffset TakenAt, long Bytes);
