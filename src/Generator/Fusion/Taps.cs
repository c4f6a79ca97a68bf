using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>
/// Adds what lets a test read streams that have no sink. The tasks of production stay as they are: the plan with taps makes tasks of its
/// own.
/// </summary>
internal static class Taps
{
    /// <summary>The plan in which each stream without a sink has a tap; null when all streams have sinks.</summary>
    public static LogicalPlan? Of(LogicalPlan plan)
    {
        // Behind all other nodes, so that the tasks and their exchanges keep their order.
        var taps = plan.Nodes.Where(node => node is not SinkNode && !plan.ReadersOf(node.Id).Any(static reader => reader is SinkNode))
            .Select(TapOf)
            .ToList();
        return taps.Count == 0 ? null : new LogicalPlan(plan.Nodes.Concat(taps).ToEquatableArray());
    }

    private static LogicalNode TapOf(LogicalNode node) =>
        new SinkNode($"{node.Id}/tap", node.Id, node.Row, "tap", 0, new TapModel()) { Time = node.Time, Changelog = node.Changelog };
}
