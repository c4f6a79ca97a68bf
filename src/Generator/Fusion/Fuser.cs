using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>
/// Fuses a valid logical plan: a task begins at each source, at each operator that cannot be called in the loop of another task, and at
/// each operator with its own parallelism.
/// </summary>
internal static class Fuser
{
    public static PhysicalPlan Fuse(LogicalPlan logical)
    {
        var plan = ColumnPruner.Prune(logical);
        var heads = plan.Nodes.Where(BeginsTask).Select(node => HeadOf(BuildStage(plan, node, input: -1))).ToList();
        var edges = heads
            .SelectMany(static head => EdgesOf(head).Select(exchange => (From: head, Exchange: exchange)))
            .ToLookup(static edge => edge.Exchange.Node.Id);
        var tasks = UpstreamFirst(heads, edges).Select((head, index) => new PhysicalTask(
            index,
            edges[head.Node.Id].OrderBy(static edge => edge.Exchange.Input)
                .Select(edge => EdgeOf(plan, edge.From, edge.Exchange))
                .ToEquatableArray(),
            head,
            head.Node is SourceNode ? GridsBehind(plan, head.Node) : EquatableArray<WatermarkGrid>.Empty));
        return new PhysicalPlan(plan, tasks.ToEquatableArray());
    }

    private static bool BeginsTask(LogicalNode node) => node is SourceNode or OperatorNode { BeginsTask: true };

    // An inline operator is a call in the loop even if a task begins with it.
    private static Stage HeadOf(Stage first) => first.Node is OperatorNode { Kind.BeginsTask: false }
        ? new Stage(StageKind.Input, first.Node, new EquatableArray<Stage>([first]), EquatableArray<Stage>.Empty)
        : first;

    private static IEnumerable<Stage> EdgesOf(Stage head) =>
        head.WorkingStages().Where(static stage => stage.Kind == StageKind.Exchange);

    private static TaskEdge EdgeOf(LogicalPlan plan, Stage from, Stage exchange) => new(
        from.Node.Id,
        exchange.Input,
        ((OperatorNode)exchange.Node).Kind.Partitioning,
        plan.Find(exchange.Node.Inputs[exchange.Input])!.RowValue is { HasUnknownPart: false } rows
            && UnsupportedPart.Find(rows, "") == null ? rows : null)
    {
        IsPreferred = ((OperatorNode)exchange.Node).Preferred == exchange.Input,
    };

    // A task comes after all tasks that send to it.
    private static IEnumerable<Stage> UpstreamFirst(List<Stage> heads, ILookup<string, (Stage From, Stage Exchange)> edges)
    {
        var byId = heads.ToDictionary(static head => head.Node.Id);
        var missing = heads.ToDictionary(static head => head.Node.Id, head => edges[head.Node.Id].Count());
        var ready = new Queue<Stage>(heads.Where(head => missing[head.Node.Id] == 0));
        while (ready.Count > 0)
        {
            var head = ready.Dequeue();
            yield return head;
            foreach (var exchange in EdgesOf(head))
            {
                if (--missing[exchange.Node.Id] == 0)
                {
                    ready.Enqueue(byId[exchange.Node.Id]);
                }
            }
        }
    }

    // A node that does not begin a task has one input and follows only that, so no stage is built twice.
    private static Stage BuildStage(LogicalPlan plan, LogicalNode node, int input)
    {
        if (input >= 0 && BeginsTask(node))
        {
            return new Stage(StageKind.Exchange, node, EquatableArray<Stage>.Empty, EquatableArray<Stage>.Empty) { Input = input };
        }

        var next = new List<Stage>();
        var aside = new List<Stage>();
        foreach (var reader in node is SinkNode ? [] : plan.ReadersOf(node.Id))
        {
            for (var i = 0; i < reader.Inputs.Count; i++)
            {
                if (reader.Inputs[i] == node.Id)
                {
                    (reader is SideOutputNode ? aside : next).Add(BuildStage(plan, reader, i));
                }
            }
        }

        return new Stage(
            node switch
            {
                SourceNode => StageKind.Source,
                SideOutputNode => StageKind.SideOutput,
                SinkNode => StageKind.Sink,
                OperatorNode => StageKind.Operator,
                _ => throw new InvalidOperationException($"A node of this kind is no stage: {node.GetType().Name}."),
            },
            node,
            next.ToEquatableArray(),
            aside.ToEquatableArray());
    }

    private static EquatableArray<WatermarkGrid> GridsBehind(LogicalPlan plan, LogicalNode source)
    {
        var grids = new List<WatermarkGrid>();
        var seen = new HashSet<LogicalNode>(ReferenceComparer<LogicalNode>.Instance);
        Visit(source);
        return grids.Distinct().ToEquatableArray();

        void Visit(LogicalNode node)
        {
            foreach (var reader in plan.ReadersOf(node.Id).Where(reader => reader is not SinkNode && seen.Add(reader)))
            {
                if (reader is OperatorNode { Kind: var kind } applied)
                {
                    grids.AddRange(kind.GridsOf(applied));
                }

                Visit(reader);
            }
        }
    }
}
