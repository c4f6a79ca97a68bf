using Penstock.Checkpoints;

namespace Penstock.Network;

/// <summary>The marker between the rows of one checkpoint and the rows after it.</summary>
/// <param name="Checkpoint">The id of the checkpoint.</param>
/// <param name="Mode">The purpose of the checkpoint.</param>
/// <param name="IsWhole">Indicates whether it saves the whole state, and not only its changes.</param>
internal readonly record struct CheckpointBarrier(long Checkpoint, CheckpointMode Mode, bool IsWhole);
