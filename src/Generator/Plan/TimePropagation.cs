namespace Penstock.Generator.Plan;

/// <summary>Carries event time and changelog mode from the sources through the plan.</summary>
internal static class TimePropagation
{
    public static LogicalPlan Apply(LogicalPlan plan)
    {
        var byId = new Dictionary<string, LogicalNode>();
        foreach (var node in plan.Nodes)
        {
            byId[node.Id] = node;
        }

        var done = new Dictionary<LogicalNode, LogicalNode>();
        return new LogicalPlan(plan.Nodes.Select(node => Visit(node, byId, done, [])).ToEquatableArray());
    }

    private static LogicalNode Visit(LogicalNode node, Dictionary<string, LogicalNode> byId, Dictionary<LogicalNode, LogicalNode> done, HashSet<string> path)
    {
        if (node is SourceNode or BrokenNode)
        {
            return node;
        }

        if (done.TryGetValue(node, out var known))
        {
            return known;
        }

        // A cycle has no source: what stands on it has no time.
        if (!path.Add(node.Id) || node.Inputs.Count == 0 || !byId.TryGetValue(node.Inputs[0], out var found))
        {
            return node;
        }

        var input = Visit(found, byId, done, path);
        var result = node switch
        {
            SideOutputNode { Output: SideOutputs.Late } when input is OperatorNode fired && byId.TryGetValue(fired.Inputs[0], out var read) =>
                node with { Time = Visit(read, byId, done, path).Time },
            SideOutputNode => node,
            OperatorNode { Operator.Window: { } window } => node with
            {
                Time = input.Time,
                Changelog = window.Lateness > 0 ? ChangelogMode.Upsert : ChangelogMode.Append,
            },
            OperatorNode { Operator.Kind: OperatorKind.Process } => node with { Time = input.Time },
            _ => node with { Time = input.Time, Changelog = input.Changelog },
        };
        done[node] = result;
        return result;
    }
}

/// <summary>The side outputs that Penstock itself fills.</summary>
internal static class SideOutputs
{
    public const string Late = "late";
    public const string BadRows = "bad-rows";
}
