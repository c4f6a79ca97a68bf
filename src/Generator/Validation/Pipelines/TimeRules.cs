using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Event time: an operator that needs it has it on every path from its sources.</summary>
internal static class TimeRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan) =>
        plan.Nodes.OfType<OperatorNode>().SelectMany(node => node.Kind.ValidateTime(node, plan));
}
