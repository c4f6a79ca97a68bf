using Penstock.Connectors;

namespace Penstock.Network;

/// <summary>What a mailbox delivers to an execution group.</summary>
internal enum MessageKind : byte
{
    /// <summary>A batch from an input channel: rows, and the watermark updates between them.</summary>
    Batch,

    /// <summary>A barrier from an input channel: every row before it belongs to the checkpoint, none after.</summary>
    Barrier,

    /// <summary>To a group with a source: read the next rows.</summary>
    Pump,

    /// <summary>To a group with a source: take a checkpoint now.</summary>
    Trigger,

    /// <summary>To a group whose state expires: look for some that has, also where no rows come.</summary>
    Sweep,

    /// <summary>To a group that was restored in the middle of something: go on with it.</summary>
    Start,

    /// <summary>To a group that waits for credits: one of its output channels has some again.</summary>
    Resume,
}

/// <summary>A message in the mailbox of an execution group.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="To">The input channel of a batch or barrier.</param>
/// <param name="Batch">The batch, owned by the receiver from now on.</param>
/// <param name="Barrier">The barrier, also that which a trigger asks for.</param>
internal readonly record struct Message(
    MessageKind Kind,
    InputChannel? To = null,
    Batch? Batch = null,
    CheckpointBarrier Barrier = default);
