using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>
/// Finds the columns that nothing downstream reads: those of files and messages are not parsed, sources of the user's learn of the others.
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

    /// <summary>The members that are read of the rows of each node; columns or not.</summary>
    private static Dictionary<LogicalNode, RowReads> ReadsOf(LogicalPlan plan)
    {
        var known = new Dictionary<LogicalNode, RowReads>(ReferenceComparer<LogicalNode>.Instance);
        foreach (var node in plan.InputsFirst().Reverse())
        {
            var reads = node is SourceNode { Time: { } time } ? RowReads.Of([time.Member]) : RowReads.Nothing;
            foreach (var reader in node is SinkNode ? [] : plan.ReadersOf(node.Id))
            {
                reads = reads.With(ReadsBy(plan, reader, known));
            }

            known.Add(node, reads);
        }

        return known;
    }

    private static RowReads ReadsBy(LogicalPlan plan, LogicalNode reader, Dictionary<LogicalNode, RowReads> known) => reader switch
    {
        // Late rows are reckoned with the operator that puts them aside; bad rows never were rows, and others are made by the operator.
        SideOutputNode => RowReads.Nothing,
        OperatorNode node when !plan.ReadersOf(node.Id).Any(static other => other is SideOutputNode { Output: SideOutputs.Late }) =>
            node.Kind.ReadsOf(node, known[node]),
        _ => RowReads.Everything,
    };

    private static RowModel Prune(RowModel rows, RowReads reads) => new TreePruner(rows).Prune(reads);
}
