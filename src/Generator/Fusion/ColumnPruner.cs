using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>Finds the columns of files and messages that nothing downstream reads; they are not parsed.</summary>
internal static class ColumnPruner
{
    public static LogicalPlan Prune(LogicalPlan plan) => new(plan.Nodes.Select(node => node switch
    {
        SourceNode { Connector: ReadSourceModel read } source => source with { Connector = read with { Rows = Prune(read.Rows, ReadsOf(plan, source)) } },
        _ => node,
    }).ToEquatableArray());

    /// <summary>The members that are read of the rows of a node; columns or not.</summary>
    public static RowReads ReadsOf(LogicalPlan plan, LogicalNode node)
    {
        var reads = node is SourceNode { Time: { } time } ? RowReads.Of([time.Member]) : RowReads.Nothing;
        foreach (var reader in plan.ReadersOf(node.Id))
        {
            reads = reads.With(ReadsBy(plan, reader));
        }

        return reads;
    }

    private static RowReads ReadsBy(LogicalPlan plan, LogicalNode reader)
    {
        switch (reader)
        {
            case SinkNode:
                return RowReads.Everything;
            case SideOutputNode:
                // Late rows are reckoned with the operator that puts them aside; bad rows never were rows.
                return RowReads.Nothing;
            case OperatorNode { Operator: var applied } node:
                var reads = applied.Reads;
                if (node.Key != null)
                {
                    reads = reads.With(RowReads.Of(node.Key.Members.Select(static member => member.Name)));
                }

                if (applied.Kind == OperatorKind.Filter)
                {
                    reads = reads.With(ReadsOf(plan, node));
                }

                return plan.ReadersOf(node.Id).Any(static other => other is SideOutputNode) ? RowReads.Everything : reads;
            default:
                return RowReads.Everything;
        }
    }

    private static RowModel Prune(RowModel rows, RowReads reads)
    {
        var columns = rows.ColumnsFor(reads);
        return rows with { Columns = rows.Columns.Select(column => column with { IsRead = columns.Contains(column.Member) }).ToEquatableArray() };
    }
}
