using Penstock.Connectors;

namespace Penstock.Network;

/// <summary>The kind of a message to an execution group.</summary>
internal enum MessageKind : byte
{
    /// <summary>A batch from an input channel: rows, and the watermark updates between them.</summary>
    Batch,

    /// <summary>A barrier from an input channel: rows before it belong to the checkpoint, rows after it do not.</summary>
    Barrier,

    /// <summary>To a group with a source: read the next rows.</summary>
    Pump,

    /// <summary>To a group with a source: take a checkpoint now.</summary>
    Trigger,

    /// <summary>To a group whose state expires: remove some expired state, even if no rows come.</summary>
    Sweep,

    /// <summary>To a group that was restored in the middle of an operation: resume it.</summary>
    Start,

    /// <summary>To a group that waits for credits: one of its output channels has credits again.</summary>
    Resume,

    /// <summary>To a group with asynchronous calls: some have completed, or it is time to start or to check some.</summary>
    Calls,

    /// <summary>To a group with asynchronous calls: a barrier is on its way. See <c>ICallDriver.Expect</c>.</summary>
    BarrierAhead,
}

/// <summary>A message in the mailbox of an execution group.</summary>
/// <param name="Kind">The kind of the message.</param>
/// <param name="To">The input channel of a batch or barrier.</param>
/// <param name="Batch">The batch, owned by the receiver from now on.</param>
/// <param name="Barrier">The barrier, also of a trigger, or the one that is on its way.</param>
internal readonly record struct Message(
    MessageKind Kind,
    InputChannel? To = null,
    Batch? Batch = null,
    CheckpointBarrier Barrier = default);
