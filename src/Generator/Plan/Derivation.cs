using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>Derives the event time and the changelog of each stream from those of its inputs.</summary>
internal static class Derivation
{
    public static LogicalPlan Apply(LogicalPlan plan)
    {
        var derived = new Dictionary<LogicalNode, LogicalNode>(ReferenceComparer<LogicalNode>.Instance);
        foreach (var node in plan.InputsFirst())
        {
            // In a cycle, some input has not been derived yet. A cycle has no source, so no stream that follows it has event time.
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
            TimeOfInput = inputs[0].Time,
            UpdatedInputs = node.Inputs.Select(static (id, input) => (id, input))
                .Where(input => inputs.Any(found => found.Id == input.id && found.Changelog.IsUpsert))
                .Select(static input => input.input)
                .ToEquatableArray(),
            InputRows = applied.Kind.IsAsync ? inputs[0].RowValue : null,
            TimeOfSecondInput = node.Inputs.Count > 1 ? inputs.FirstOrDefault(found => found.Id == node.Inputs[1])?.Time : null,
            KeptRows = applied is { Kind.KeepsRows: true, Operator: not null }
                && node.Inputs.Select(id => inputs.FirstOrDefault(found => found.Id == id)?.RowValue)
                    .OfType<ValueModel>()
                    .ToEquatableArray() is { } kept
                && kept.Count == node.Inputs.Count ? kept : EquatableArray<ValueModel>.Empty,
        },

        // Late rows keep the event time that made them late. Bad rows were never rows, so they have none, and untimed rows have none
        // either. Rows that an operator emits to a side output are like its other rows.
        SideOutputNode { Output: SideOutputs.LateRight } when inputs[0] is OperatorNode late => node with { Time = late.TimeOfSecondInput },
        SideOutputNode { Output: SideOutputs.Late or SideOutputs.LateLeft } =>
            node with { Time = inputs[0] is OperatorNode late ? late.TimeOfInput : inputs[0].Time },
        SideOutputNode { Output: SideOutputs.BadRows } => node,
        SideOutputNode { Output: SideOutputs.Untimed } when inputs[0] is SourceNode => node,
        SideOutputNode or SinkNode => node with { Time = inputs[0].Time, Changelog = inputs[0].Changelog },
        _ => throw new InvalidOperationException($"Unknown kind of node: {node.GetType().Name}."),
    };
}

/// <summary>The side outputs that Penstock defines.</summary>
internal static class SideOutputs
{
    public const string Late = "late";
    public const string LateLeft = "late-left";
    public const string LateRight = "late-right";
    public const string BadRows = "bad-rows";
    public const string Untimed = "untimed";
}
