using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Checks a plan of any front end.</summary>
internal static class PlanRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan) =>
    [
        .. TopologyRules.Validate(plan),
        .. ParallelismRules.Validate(plan),
        .. StateIdRules.Validate(plan),
        .. RowTypeRules.Validate(plan),
        .. RowTypeRules.ValidateWritten(plan),
        .. PlanKeyRules.Validate(plan),
        .. ChangelogRules.Validate(plan),
        .. TimeRules.Validate(plan),
        .. SideOutputRules.Validate(plan),
        .. SinkRules.Validate(plan),
        .. SinkChangelogRules.Validate(plan),
    ];

    /// <summary>Whether every node is complete, and every type in it exists.</summary>
    public static bool IsWhole(LogicalPlan plan) =>
        plan.Nodes.Count > 0 && !plan.Nodes.Any(static node => node is BrokenNode || node.Row == null || ClassRules.IsUnknown(node.Row));
}
