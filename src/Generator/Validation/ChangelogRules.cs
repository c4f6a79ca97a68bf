using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// Streams of updates: a window with AllowedLateness sends a new version of a row that it has sent before. Nothing takes the old version back, so
/// whatever reads such a stream must make one row of each, by which the versions are still recognized.
/// </summary>
internal static class ChangelogRules
{
    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>())
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (plan.Find(node.Inputs[i]) is { Changelog: ChangelogMode.Upsert } input && WindowOf(plan, input) is { } window
                    && node.Kind.ValidateUpdates(new Updates(node, node.Kind.PlaceOfInput(node, i), input, window, IdentityOf(plan, input))) is { } finding)
                {
                    yield return finding;
                }
            }
        }
    }

    // Operators that hand updates on have one input.
    private static OperatorNode? WindowOf(LogicalPlan plan, LogicalNode node) =>
        node is not OperatorNode applied ? null
        : applied.Operator?.Window != null ? applied
        : plan.Find(applied.Inputs[0]) is { } input ? WindowOf(plan, input)
        : null;

    private static IEnumerable<IdentityPart> IdentityOf(LogicalPlan plan, LogicalNode node) =>
        node is OperatorNode { Changelog: ChangelogMode.Upsert } applied
            ? applied.Kind.IdentityOf(applied, plan.Find(applied.Inputs[0]) is { } input ? IdentityOf(plan, input) : [])
            : [];
}
