using Penstock.Network;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// Finds the subtasks that have nothing to send when an attempt starts: those of a source that have no splits to read, and those behind
/// them without a key. Their receivers count them as idle or ended from the beginning. Otherwise each of them would hold the watermark
/// back until its first message has arrived, and the result of an operator that compares rows with the watermark, such as one with timers,
/// would depend on how soon that is.
/// </summary>
/// <param name="plan">The plan.</param>
/// <param name="network">The channels between the subtasks.</param>
internal sealed class IdleSubtasks(PipelinePlan plan, TaskNetwork network)
{
    // The first watermark of each subtask of a task: None if it is active.
    private readonly Dictionary<string, long[]> _first = [];
    private readonly HashSet<string> _keyed = [.. plan.Nodes.Where(static node => node.Key != null).Select(static node => node.Id)];

    /// <summary>Sets the watermark of the channels from idle subtasks to the subtasks of this node.</summary>
    /// <param name="sourceOf">
    /// Returns the driver of any subtask of a source, or null if this node has none; its subtasks then count as active.
    /// </param>
    public void Announce(Func<string, ISourceDriver?> sourceOf)
    {
        foreach (var task in plan.Tasks)
        {
            _first[task.Id] = task.Inputs.Count == 0 ? OfReaders(task, sourceOf(task.Id)) : OfReceivers(task);
        }
    }

    // A subtask of a bounded source reports its end next, and not that it is idle: a task with the ends of all of its inputs fires all of
    // its windows, whereas an idle one keeps those that are not due, and lets others advance.
    private long[] OfReaders(PlanTask task, ISourceDriver? source)
    {
        var first = new long[network.CountOf(task.Id)];
        var reading = source?.ReadingSubtasks();
        for (var index = 0; index < first.Length; index++)
        {
            first[index] = reading?.Contains(index) != false ? Watermarks.None : source!.IsUnbounded ? Watermarks.Idle : Watermarks.End;
        }

        return first;
    }

    private long[] OfReceivers(PlanTask task)
    {
        var first = new long[network.CountOf(task.Id)];

        // A keyed task may have restored windows or timers that fire, and an asynchronous one restored rows, although none of its senders
        // has rows.
        var mayHaveWork = task.IsAsync || task.Nodes.Any(_keyed.Contains);
        for (var index = 0; index < first.Length; index++)
        {
            var inputs = network.IsHere(task.Id, index) ? network.InputsOf(task.Id, index) : null;
            var lowest = Receive(task, index, inputs);
            first[index] = mayHaveWork ? Watermarks.None : lowest;
        }

        return first;
    }

    // The channels of a subtask are in the order of its inputs, and of the senders on each.
    private long Receive(PlanTask task, int index, InputChannel[]? inputs)
    {
        var next = 0;
        var lowest = Watermarks.End;
        foreach (var edge in task.Inputs)
        {
            foreach (var sender in network.SendersOf(edge, task.Id, index))
            {
                var first = _first[edge.From][sender];
                if (inputs != null)
                {
                    inputs[next].CombinedWatermark = first;
                }

                lowest = Math.Min(lowest, first);
                next++;
            }
        }

        return lowest;
    }
}
