using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Rows: what an operator takes is what its input gives, and what it makes is what its stream declares.</summary>
internal static class RowTypeRules
{
    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>())
        {
            if (plan.Find(node.Inputs[0]) is { Row: { } given } input && Differ(given, node.Operator.Input))
            {
                yield return new Finding("PEN105", Place.ProducerType(node.Name), node.Operator.Name, node.Operator.Input.ShortName, input.Name, given.ShortName);
            }

            if (node.Row != null && Differ(node.Row, node.Operator.Output))
            {
                yield return new Finding("PEN106", Place.RowType(node.Name), node.Name, node.Row.ShortName, node.Operator.Name, node.Operator.Output.ShortName);
            }
        }

        foreach (var node in plan.Nodes.OfType<SideOutputNode>())
        {
            if (node.Row != null && ExpectedRow(plan, node) is { } expected && Differs(node.Row, expected.Name))
            {
                yield return new Finding("PEN115", Place.RowType(node.Name), node.Name, node.Row.ShortName, node.Output, expected.ShortName);
            }
        }
    }

    private static (string Name, string ShortName)? ExpectedRow(LogicalPlan plan, SideOutputNode node) => (node.Output, plan.Find(node.Inputs[0])) switch
    {
        (SideOutputs.Late, OperatorNode { Operator: { Kind: OperatorKind.Window, Input: { Access: not TypeAccess.Unknown } row } }) => (row.Name, row.ShortName),
        (SideOutputs.BadRows, SourceNode) => ("global::Penstock.BadRow", "BadRow"),
        _ => null,
    };

    private static bool Differ(TypeRef left, TypeRef right) => right.Access != TypeAccess.Unknown && Differs(left, right.Name);

    private static bool Differs(TypeRef left, string right) => left.Access != TypeAccess.Unknown && left.Name != right;
}
