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
            if (plan.Find(node.Inputs[0]) is not { Changelog: ChangelogMode.Upsert } input || WindowOf(plan, input) is not { } window)
            {
                continue;
            }

            var place = TopologyRules.InputPlace(node);
            switch (node.Operator.Kind)
            {
                case OperatorKind.Process or OperatorKind.Window:
                    yield return new Finding("PEN118", place, node.Operator.Name, input.Name);
                    break;
                case OperatorKind.Filter or OperatorKind.FlatMap:
                    yield return new Finding("PEN120", place, node.Operator.Name, node.Operator.Kind.ToString(), input.Name, window.Operator.Name);
                    break;
                case OperatorKind.Map:
                    if (LostPart(plan, node, input) is { } lost)
                    {
                        yield return new Finding("PEN121", place, node.Operator.Name, lost.Name, string.Join(" or ", lost.Members.Select(static member => $"'{member}'")), window.Operator.Name);
                    }

                    break;
                default:
                    throw new NotSupportedException($"There is no rule for updates in {node.Operator.Kind} operators.");
            }
        }
    }

    private static OperatorNode? WindowOf(LogicalPlan plan, LogicalNode node) =>
        node is not OperatorNode applied ? null
        : applied.Operator.Window != null ? applied
        : plan.Find(applied.Inputs[0]) is { } input ? WindowOf(plan, input)
        : null;

    private static IdentityPart? LostPart(LogicalPlan plan, OperatorNode map, LogicalNode input) => IdentityOf(plan, input).FirstOrDefault(part => part.Members.Count > 0 && IsLost(map.Operator, part));

    private static bool IsLost(OperatorModel map, IdentityPart part) =>
        map.Origins is { } origins ? origins.CarriersOf(part.Members).Count == 0 : !part.Members.Any(map.Carries.Contains);

    // A part whose members are not known is not followed any further.
    private static IEnumerable<IdentityPart> IdentityOf(LogicalPlan plan, LogicalNode node) => node switch
    {
        OperatorNode { Operator: { Window: not null } window } => window.Identity,
        OperatorNode { Operator.Origins: { } origins } map when plan.Find(map.Inputs[0]) is { } input =>
            IdentityOf(plan, input).Select(part => part with { Members = origins.CarriersOf(part.Members) }),
        _ => [],
    };
}
