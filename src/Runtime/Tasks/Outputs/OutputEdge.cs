using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>
/// The way from a subtask to those that it sends to over one edge of the plan: one in its own execution group, or channels to others.
/// </summary>
internal sealed class OutputEdge
{
    /// <summary>Leads to a subtask in the same execution group.</summary>
    public OutputEdge(Subtask target, InputChannel input) => (Target, Input) = (target, input);

    /// <summary>Leads to subtasks of other groups, a channel for each.</summary>
    public OutputEdge(Channel[] channels) => Channels = channels;

    /// <summary>The subtask that is called directly; null where there are channels.</summary>
    public Subtask? Target { get; }

    /// <summary>Where it takes what comes.</summary>
    public InputChannel? Input { get; }

    /// <summary>The channels; none where the target is called directly.</summary>
    public Channel[] Channels { get; } = [];

    /// <summary>Sends a barrier behind everything that was sent before.</summary>
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
