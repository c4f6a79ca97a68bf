using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>Derives what follows for each stream from its inputs: its event time, and how its rows relate to those before them.</summary>
internal static class Derivation
{
    public static LogicalPlan Apply(LogicalPlan plan)
    {
        var derived = new Dictionary<LogicalNode, LogicalNode>(ReferenceComparer<LogicalNode>.Instance);
        foreach (var node in plan.InputsFirst())
        {
            // In a cycle there is an input of which nothing is known yet: a cycle has no source, and what stands on it has no time.
            var inputs = node.Inputs.Select(plan.Find)
                .OfType<LogicalNode>()
                .Select(input => derived.TryGetValue(input, out var known) ? known : input)
                .ToList();
            derived.Add(node, Derive(node, inputs));
        }

        return new LogicalPlan(plan.Nodes.Select(node => derived[node]).ToEquatableArray());
    }

    private static LogicalNode Derive(LogicalNode node, IReadOnlyList<LogicalNode> inputs) => node switch
    {
        SourceNode or BrokenNode => node,
        _ when inputs.Count == 0 => node,
        OperatorNode applied => applied with
        {
            Time = applied.Kind.TimeOf(applied, inputs),
            Changelog = applied.Kind.ChangelogOf(applied, inputs),
            HasUpdates = inputs.Any(static input => input.Changelog.IsUpsert),
        },

        // Late rows have the time by which they are late. Bad rows never were rows. What an operator puts aside it makes as it makes its
        // own rows.
        SideOutputNode { Output: SideOutputs.Late } => node with { Time = inputs[0].Time },
        SideOutputNode { Output: SideOutputs.BadRows } => node,
        SideOutputNode or SinkNode => node with { Time = inputs[0].Time, Changelog = inputs[0].Changelog },
        _ => throw new InvalidOperationException($"Unknown kind of node: {node.GetType().Name}."),
    };
}

/// <summary>The side outputs that Penstock itself fills.</summary>
internal static class SideOutputs
{
    public const string Late = "late";
    public const string BadRows = "bad-rows";
}
