using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Event time: an operator that needs it has it on the path from its source.</summary>
internal static class TimeRules
{
    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>())
        {
            if (node.Operator.Window != null && node.Time == null && FindSource(plan, node) is { } source)
            {
                yield return new Finding("PEN204", Place.ProducerType(node.Name), new EquatableArray<string>([node.Operator.Name, source.Name, source.Name]), source.Name);
            }

            if (node is { Operator.Ttl.EventTimeState: { } state, Operator.Window: null, Time: null } && FindSource(plan, node) is { } origin)
            {
                yield return new Finding("PEN325", Place.ProducerType(node.Name), new EquatableArray<string>([state, node.Operator.Name, origin.Name]), origin.Name);
            }
        }
    }

    // Where the path is broken, or begins at something broken, that is what has to be put right first.
    private static LogicalNode? FindSource(LogicalPlan plan, LogicalNode node)
    {
        var seen = new HashSet<string>();
        LogicalNode? current = node;
        while (current is not (null or BrokenNode) && current.Inputs.Count > 0 && seen.Add(current.Id))
        {
            current = plan.Find(current.Inputs[0]);
        }

        return current as SourceNode;
    }
}
