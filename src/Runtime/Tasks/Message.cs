using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>What a mailbox delivers to a subtask.</summary>
internal enum MessageKind : byte
{
    /// <summary>A batch from an input channel: rows, and the watermark steps between them.</summary>
    Batch,

    /// <summary>A barrier from an input channel: every row before it belongs to the checkpoint, none after.</summary>
    Barrier,

    /// <summary>To a source subtask: read the next rows.</summary>
    Pump,

    /// <summary>To a source subtask: take a checkpoint now.</summary>
    Trigger,

    /// <summary>To a subtask that waits for credits: one of its output channels has some again.</summary>
    Resume,
}

/// <summary>A message in the mailbox of a subtask.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Channel">The input channel of a batch or barrier; of a trigger the <see cref="Checkpoints.CheckpointMode"/>.</param>
/// <param name="Batch">The batch, owned by the receiver from now on.</param>
/// <param name="Checkpoint">The id of a barrier's or a trigger's checkpoint.</param>
internal readonly record struct Message(MessageKind Kind, int Channel = 0, Batch? Batch = null, long Checkpoint = 0);
