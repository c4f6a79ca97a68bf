using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>Fuses a valid logical plan: everything up to the next keyed operator is one loop.</summary>
internal static class Fuser
{
    public static PhysicalPlan Fuse(LogicalPlan logical)
    {
        var plan = ColumnPruner.Prune(logical);
        var tasks = new List<PhysicalTask>();
        var heads = new Queue<(LogicalNode Node, string? Input)>(plan.Nodes.OfType<SourceNode>().Select(static source => ((LogicalNode)source, (string?)null)));
        while (heads.Count > 0)
        {
            var (node, input) = heads.Dequeue();
            var head = BuildStage(plan, node, isHead: true);
            var noticed = node is SourceNode ? Noticed(plan, node).Distinct().ToEquatableArray() : EquatableArray<WindowModel>.Empty;
            var task = new PhysicalTask(tasks.Count, input, head, noticed);
            tasks.Add(task);
            foreach (var stage in head.WithAllBehind())
            {
                if (stage.Kind == StageKind.Exchange)
                {
                    heads.Enqueue((stage.Node, task.Id));
                }
            }
        }

        return new PhysicalPlan(plan, tasks.ToEquatableArray());
    }

    private static Stage BuildStage(LogicalPlan plan, LogicalNode node, bool isHead)
    {
        if (!isHead && node is OperatorNode { Operator.IsKeyed: true })
        {
            return new Stage(StageKind.Exchange, node, EquatableArray<Stage>.Empty, EquatableArray<Stage>.Empty);
        }

        var readers = node is SinkNode ? [] : plan.ReadersOf(node.Id).ToList();
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
            readers.Where(static reader => reader is not SideOutputNode).Select(reader => BuildStage(plan, reader, isHead: false)).ToEquatableArray(),
            readers.OfType<SideOutputNode>().Select(reader => BuildStage(plan, reader, isHead: false)).ToEquatableArray());
    }

    private static IEnumerable<WindowModel> Noticed(LogicalPlan plan, LogicalNode node)
    {
        foreach (var reader in plan.ReadersOf(node.Id).Where(static reader => reader is not SinkNode))
        {
            if (reader is OperatorNode { Operator.Window: { } window })
            {
                yield return window;
            }

            if (reader is OperatorNode { Time: not null, Operator.Ttl.Grid: > 0 and var grid })
            {
                yield return new WindowModel(grid, 0, 0);
            }

            foreach (var behind in Noticed(plan, reader))
            {
                yield return behind;
            }
        }
    }
}
