using Penstock.Checkpoints;

namespace Penstock.Network;

/// <summary>The point in a stream between the rows of one checkpoint and those behind it.</summary>
/// <param name="Checkpoint">The id of the checkpoint.</param>
/// <param name="Mode">What it is for.</param>
/// <param name="IsWhole">Whether it saves all of the state, and not only what has changed.</param>
internal readonly record struct CheckpointBarrier(long Checkpoint, CheckpointMode Mode, bool IsWhole);
