using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>Passes on the first row of each key.</summary>
internal sealed class DistinctKind : KeyedStreamKind
{
    public override string Name => "Distinct";

    public override string Attribute => "DistinctAttribute";

    public override bool KeyCanBeRow => true;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitDistinct();

    // That the entry of a key exists says that the key was seen.
    public override IEnumerable<SchemaField> FieldsOf(OperatorNode node) => [];

    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override string LabelOf(OperatorNode node) =>
        $"{node.Name}: distinct{(node.Retention is { Ttl: > 0 and var ttl } ? $" within {Durations.Format(ttl)}" : "")}";

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted($"{updates.Avoidance}, or write the stream to a sink");
}
