using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Checks row types: an operator must take the rows of its inputs, and emit the rows that its stream declares.</summary>
internal static class RowTypeRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        foreach (var finding in plan.Nodes.OfType<OperatorNode>().SelectMany(node => node.Kind.ValidateRows(node, plan)))
        {
            yield return finding;
        }

        foreach (var node in plan.Nodes.OfType<SideOutputNode>())
        {
            if (node.Row != null && ExpectedRow(plan, node) is { } expected && node.Row.DiffersFrom(expected.Name))
            {
                yield return new DiagnosticInfo(
                    "PEN115",
                    DiagnosticAnchor.RowType(node.Name),
                    node.Name,
                    node.Row.ShortName,
                    node.Output,
                    expected.ShortName);
            }
        }
    }

    /// <summary>Reports rows that go from task to task but cannot be serialized for another process.</summary>
    public static IEnumerable<DiagnosticInfo> ValidateWritten(LogicalPlan plan)
    {
        foreach (var stream in plan.Nodes.Where(node => node is not SinkNode
            && plan.ReadersOf(node.Id).Any(static reader => reader is OperatorNode { BeginsTask: true })

            // It is an error that an operator cannot keep them.
            && !plan.ReadersOf(node.Id).Any(static reader =>
                reader is OperatorNode { Kind.IsAsync: true } or OperatorNode { Kind.KeepsRows: true })))
        {
            if (stream is { Row: { } row, RowValue: { } value } && UnsupportedPart.Find(value, row.ShortName) is { } part)
            {
                yield return new DiagnosticInfo("PEN129", DiagnosticAnchor.RowType(stream.Name), stream.Name, part);
            }
        }
    }

    private static (TypeName Name, string ShortName)? ExpectedRow(LogicalPlan plan, SideOutputNode node) => plan.Find(node.Inputs[0]) switch
    {
        OperatorNode applied when applied.Kind
            .SideOutputsOf(applied)
            .FirstOrDefault(side => side.Name == node.Output) is { Row: { Access: not TypeAccess.Unknown } row } =>
            (row.Name, row.ShortName),
        SourceNode when node.Output == SideOutputs.BadRows => (TypeName.Of("Penstock.BadRow"), "BadRow"),
        SourceNode { Row: { Access: not TypeAccess.Unknown } row } when node.Output == SideOutputs.Untimed => (row.Name, row.ShortName),
        _ => null,
    };
}
