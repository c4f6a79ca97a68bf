using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Lets rows go on, or not.</summary>
internal sealed class FilterKind : StatelessKind
{
    public override string Name => "Filter";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([new MethodForm("Filter", MethodResult.Bool, "bool Method(in TRow row)", "bool Keep(in TRow row)")]);

    public override KindAttribute? Attribute => null;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitFilter();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    // A new version that it leaves out deletes the row. Where rows do not show their key, that is told; what stands behind shall not repeat
    // it.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) =>
        inputs[0].Changelog is { IsUpsert: true, ShowsKey: true } updates ? updates with { HasDeletes = true } : ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    public override RowReads ReadsOf(OperatorNode node, RowReads behind) => OwnReads(node).With(behind);

    public override string LabelOf(OperatorNode node) => $"{node.Name}: {node.Applied.Name}";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan) => [];

    public override DiagnosticInfo? ValidateUpdates(Updates updates) => updates.HiddenKey;
}
