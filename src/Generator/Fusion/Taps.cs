using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>
/// Adds taps with which a test can read streams without sinks. The tasks of production do not change: the plan with taps has separate
/// tasks.
/// </summary>
internal static class Taps
{
    /// <summary>The plan in which each stream without a sink has a tap; null if all streams have sinks.</summary>
    public static LogicalPlan? Of(LogicalPlan plan)
    {
        // Taps come after all other nodes, so that tasks and their exchanges keep their order.
        var taps = plan.Nodes.Where(node => node is not SinkNode && !plan.ReadersOf(node.Id).Any(static reader => reader is SinkNode))
            .Select(TapOf)
            .ToList();
        return taps.Count == 0 ? null : new LogicalPlan(plan.Nodes.Concat(taps).ToEquatableArray());
    }

    private static LogicalNode TapOf(LogicalNode node) =>
        new SinkNode($"{node.Id}/tap", node.Id, node.Row, 0, new TapModel()) { Time = node.Time, Changelog = node.Changelog };
}
