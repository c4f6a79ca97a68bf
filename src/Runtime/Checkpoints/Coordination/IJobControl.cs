using Penstock.Network;

namespace Penstock.Checkpoints;

/// <summary>
/// What the nodes of a job tell its coordinator. A node is a part of the job in one process: some of its subtasks. Arguments are plain
/// data, so that a call can be a message to another process; in one process it is a call. Called on any thread.
/// </summary>
internal interface IJobControl
{
    /// <summary>
    /// The part of a checkpoint that lies on a node is durable. A node answers each <see cref="INodeControl.Trigger"/> once, with this or
    /// <see cref="Decline"/>.
    /// </summary>
    /// <param name="part">What was written.</param>
    void Acknowledge(CheckpointPart part);

    /// <summary>A node has given up its part of a checkpoint, and writes no longer.</summary>
    /// <param name="node">The node.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="cause">Why. The job goes on after a <see cref="CheckpointFailedException"/>.</param>
    void Decline(int node, long checkpoint, Exception cause);

    /// <summary>A node has failed, or is gone: the attempt is over.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cause">Why.</param>
    void Fail(int node, Exception cause);

    /// <summary>Every source on a node has ended, and the end has come to each of its subtasks.</summary>
    /// <param name="node">The node.</param>
    void End(int node);
}

/// <summary>
/// What the coordinator of a job tells one of its nodes. A checkpoint is triggered when all nodes have answered the one before, and have
/// been told of its end. Arguments are plain data, as those of <see cref="IJobControl"/> are.
/// </summary>
internal interface INodeControl
{
    /// <summary>The number of the node in the job, from 0.</summary>
    int Number { get; }

    /// <summary>
    /// Sends a barrier down from every source on the node, writes what its subtasks freeze, and answers with what was written.
    /// </summary>
    /// <param name="barrier">The barrier.</param>
    void Trigger(CheckpointBarrier barrier);

    /// <summary>A checkpoint is published: it is what a restart goes on from.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    void Complete(long checkpoint);

    /// <summary>
    /// A checkpoint has failed. What its sinks have prepared belongs to the next one. A node that has not answered yet waits for its
    /// subtasks no longer, and answers; where it is writing, when that has ended.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    void Abort(long checkpoint);
}
