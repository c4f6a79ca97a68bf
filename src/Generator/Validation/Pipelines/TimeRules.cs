using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Checks event time: an operator that needs it must have it on every path from its sources.</summary>
internal static class TimeRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan) =>
        plan.Nodes.OfType<OperatorNode>().SelectMany(node => node.Kind.ValidateTime(node, plan));
}
