using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>
/// Finds the columns that nothing downstream reads. They are not parsed in files and messages, and sources of the user get only the other
/// columns.
/// </summary>
internal static class ColumnPruner
{
    public static LogicalPlan Prune(LogicalPlan plan)
    {
        var reads = ReadsOf(plan);
        return new LogicalPlan(plan.Nodes.Select(node => node switch
        {
            SourceNode source => source with { Connector = Prune(source.Connector, reads[source]) },
            _ => node,
        }).ToEquatableArray());
    }

    private static ConnectorModel Prune(ConnectorModel connector, RowReads reads)
    {
        var asked = connector.Asked == null ? null : Prune(connector.Asked, reads);
        return connector is ReadSourceModel read
            ? read with { Rows = Prune(read.Rows, reads), Asked = asked }
            : connector with { Asked = asked };
    }

    /// <summary>The members that are read from the rows of each node, whether or not they are columns.</summary>
    private static Dictionary<LogicalNode, RowReads> ReadsOf(LogicalPlan plan)
    {
        var known = new Dictionary<LogicalNode, RowReads>(ReferenceComparer<LogicalNode>.Instance);
        foreach (var node in plan.InputsFirst().Reverse())
        {
            var reads = node is SourceNode { Time: { IsIngestion: false } time }
                ? RowReads.Of([time.Member]).With(time.Watermark?.Reads ?? RowReads.Nothing)
                : RowReads.Nothing;
            foreach (var reader in node is SinkNode ? [] : plan.ReadersOf(node.Id))
            {
                for (var input = 0; input < reader.Inputs.Count; input++)
                {
                    reads = reader.Inputs[input] == node.Id ? reads.With(ReadsBy(plan, reader, input, known)) : reads;
                }
            }

            known.Add(node, reads);
        }

        return known;
    }

    private static RowReads ReadsBy(
        LogicalPlan plan,
        LogicalNode reader,
        int input,
        Dictionary<LogicalNode, RowReads> known) => reader switch
        {
            // Untimed rows are those of the source.
            SideOutputNode { Output: SideOutputs.Untimed } aside when plan.Find(aside.Of) is SourceNode => known[aside],

            // Late rows are included in the reads of the operator that emits them. Bad rows were never rows, and other side outputs contain
            // new rows of the operator.
            SideOutputNode => RowReads.Nothing,
            OperatorNode node when !plan.ReadersOf(node.Id).Any(static other => other is SideOutputNode { Output: SideOutputs.Late }) =>
                node.Kind.ReadsOf(node, input, known[node]),
            _ => RowReads.Everything,
        };

    private static RowModel Prune(RowModel rows, RowReads reads) => new TreePruner(rows).Prune(reads);
}
