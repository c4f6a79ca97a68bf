using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>The edge from a subtask to its receivers: one subtask in its own execution group, or channels to others.</summary>
internal sealed class OutputEdge
{
    /// <summary>Creates an edge to a subtask in the same execution group.</summary>
    public OutputEdge(Subtask target, InputChannel input) => (Target, Input) = (target, input);

    /// <summary>Creates an edge to subtasks of other groups, with a channel for each.</summary>
    public OutputEdge(Channel[] channels) => Channels = channels;

    /// <summary>The subtask that is called directly, or null if there are channels.</summary>
    public Subtask? Target { get; }

    /// <summary>The input channel of that subtask.</summary>
    public InputChannel? Input { get; }

    /// <summary>The channels; empty if the target is called directly.</summary>
    public Channel[] Channels { get; } = [];

    /// <summary>Sends a barrier after everything that was sent before.</summary>
    /// <param name="owner">The sender.</param>
    /// <param name="barrier">The barrier.</param>
    public void Send(Subtask owner, in CheckpointBarrier barrier)
    {
        Target?.Align(in barrier);
        foreach (var channel in Channels)
        {
            owner.Send(channel, new Message(MessageKind.Barrier, Barrier: barrier));
        }
    }
}
