using Penstock.Network;

namespace Penstock.Checkpoints;

/// <summary>
/// The messages from the nodes of a job to its coordinator. A node is the part of a job in one process: some of its subtasks. Arguments are
/// plain data, so that a call can be sent as a message to another process; within a process it is a direct call. May be called on any
/// thread.
/// </summary>
internal interface IJobControl
{
    /// <summary>
    /// Reports that the part of a checkpoint on a node is durable. A node answers each <see cref="INodeControl.Trigger"/> once, with this
    /// or with <see cref="Decline"/>.
    /// </summary>
    /// <param name="part">The written part.</param>
    void Acknowledge(CheckpointPart part);

    /// <summary>Reports that a node has abandoned its part of a checkpoint and has stopped writing.</summary>
    /// <param name="node">The node.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="cause">The reason. The job continues after a <see cref="CheckpointFailedException"/>.</param>
    void Decline(int node, long checkpoint, Exception cause);

    /// <summary>Reports that a node has failed or is gone, which ends the attempt.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cause">The reason.</param>
    void Fail(int node, Exception cause);

    /// <summary>Reports that every source on a node has ended, and all input of each of its subtasks.</summary>
    /// <param name="node">The node.</param>
    void End(int node);
}

/// <summary>
/// The messages from the coordinator of a job to one of its nodes. A checkpoint is triggered after all nodes have answered the previous one
/// and have been notified of its end. Arguments are plain data, as for <see cref="IJobControl"/>.
/// </summary>
internal interface INodeControl
{
    /// <summary>The number of the node in the job, from 0.</summary>
    int Number { get; }

    /// <summary>
    /// Sends a barrier from every source on the node, writes the frozen state of its subtasks, and answers with the written part.
    /// </summary>
    /// <param name="barrier">The barrier.</param>
    void Trigger(CheckpointBarrier barrier);

    /// <summary>Notifies the node that a checkpoint is published: a restart resumes from it.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    void Complete(long checkpoint);

    /// <summary>
    /// Notifies the node that a checkpoint has failed. The prepared output of its sinks belongs to the next one. A node that has not
    /// answered yet stops waiting for its subtasks and answers; if it is writing, after that has ended.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    void Abort(long checkpoint);
}
