using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>
/// Keeps one row of each key, the first or the last one by event time or by a member of the row. When another row takes its place, the new
/// row is emitted as its next version.
/// </summary>
internal abstract class KeepKind : KeyedStreamKind
{
    /// <summary>The member of the state by which the kept row is compared.</summary>
    public const string Order = "Order";

    private const string OrderBy = "OrderBy";

    public sealed override EquatableArray<string> Options { get; } = new([OrderBy, Ttl, TtlTime, Unbounded]);

    public sealed override string? OrderParameter => OrderBy;

    public sealed override bool KeyCanBeRow => false;

    public sealed override string Attribute => $"{Name}Attribute";

    public sealed override IEnumerable<SchemaField> FieldsOf(OperatorNode node) =>
        [node.Order is { } order ? new SchemaField(Order, order.Value, [], []) : Int64(Order)];

    public sealed override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => node.Key == null
        ? ChangelogModel.Append
        : new ChangelogModel(ChangelogMode.Upsert, node.Key.Members.Select(PartOf).ToEquatableArray(), node.Id)
        {
            Keeper = $"[{Name}]",
        };

    public sealed override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) =>
        base.ReadsOf(node, input, node.Order is { } order ? behind.With(RowReads.Of([order.Name])) : behind);

    public sealed override string LabelOf(OperatorNode node) =>
        $"{node.Name}: {Which} by {node.Order?.Name ?? "event time"}{(node.Retention is { Ttl: > 0 and var ttl } ? $" within {Durations.Format(ttl)}" : "")}";

    /// <summary>Which row it keeps, for people.</summary>
    public abstract string Which { get; }

    public sealed override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node is { HasOrder: false, Time: null } && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            return
            [
                new DiagnosticInfo(
                    "PEN227",
                    DiagnosticAnchor.Producer(node.Name),
                    new EquatableArray<string>([node.Name, Name, stream, remedy]),
                    source.Time == null ? source.Name : null),
            ];
        }

        return base.ValidateTime(node, plan);
    }

    public sealed override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted($"{updates.Avoidance}, or write the stream to a sink");

    private static KeyPart PartOf(KeyMember member)
    {
        var name = new EquatableArray<string>([member.Name]);
        return new KeyPart("key", name, name, new([new IdentifyingMember(member.Name, 0, member.IsNullable)]))
        {
            CanBeNull = member.IsNullable,
        };
    }
}

/// <summary>Keeps the first row of each key: of several at the same time, the one that came first.</summary>
internal sealed class KeepFirstKind : KeepKind
{
    public override string Name => "KeepFirst";

    public override string Which => "first";

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitKeepFirst();
}

/// <summary>Keeps the last row of each key: of several at the same time, the one that came last.</summary>
internal sealed class KeepLastKind : KeepKind
{
    public override string Name => "KeepLast";

    public override string Which => "last";

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitKeepLast();
}
