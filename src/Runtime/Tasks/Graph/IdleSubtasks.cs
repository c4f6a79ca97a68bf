using Penstock.Network;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// Finds the subtasks that have nothing to send when an attempt starts: those of a source that have no splits to read, and those behind
/// them without a key. Their receivers count them as idle from the beginning. Otherwise each of them would hold the watermark back until
/// its first message has arrived, and the result of an operator that compares rows with the watermark, such as one with timers, would
/// depend on how soon that is.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="network">The channels between the subtasks.</param>
internal sealed class IdleSubtasks(PipelinePlan plan, TaskNetwork network)
{
    private readonly Dictionary<string, bool[]> _idle = [];
    private readonly HashSet<string> _keyed = [.. plan.Nodes.Where(static node => node.Key != null).Select(static node => node.Id)];

    /// <summary>Sets the channels from idle subtasks to the subtasks of this node to idle.</summary>
    /// <param name="sourceOf">
    /// Returns the driver of any subtask of a source, or null if this node has none; its subtasks then count as active.
    /// </param>
    public void Announce(Func<string, ISourceDriver?> sourceOf)
    {
        foreach (var task in plan.Tasks)
        {
            _idle[task.Id] = task.Inputs.Count == 0 ? IdleReaders(task, sourceOf(task.Id)) : IdleReceivers(task);
        }
    }

    private bool[] IdleReaders(PlanTask task, ISourceDriver? source)
    {
        var idle = new bool[network.CountOf(task.Id)];
        if (source != null)
        {
            var reading = source.ReadingSubtasks();
            for (var index = 0; index < idle.Length; index++)
            {
                idle[index] = !reading.Contains(index);
            }
        }

        return idle;
    }

    private bool[] IdleReceivers(PlanTask task)
    {
        var idle = new bool[network.CountOf(task.Id)];

        // A keyed task may have restored windows or timers that fire, although none of its senders has rows.
        var isKeyed = task.Nodes.Any(_keyed.Contains);
        for (var index = 0; index < idle.Length; index++)
        {
            var inputs = network.IsHere(task.Id, index) ? network.InputsOf(task.Id, index) : null;
            idle[index] = AreIdle(task, index, inputs) && !isKeyed;
        }

        return idle;
    }

    // The channels of a subtask are in the order of its inputs, and of the senders on each.
    private bool AreIdle(PlanTask task, int index, InputChannel[]? inputs)
    {
        var next = 0;
        var all = true;
        foreach (var edge in task.Inputs)
        {
            foreach (var sender in network.SendersOf(edge, task.Id, index))
            {
                var isIdle = _idle[edge.From][sender];
                if (isIdle && inputs != null)
                {
                    inputs[next].CombinedWatermark = Watermarks.Idle;
                }

                all &= isIdle;
                next++;
            }
        }

        return all;
    }
}
