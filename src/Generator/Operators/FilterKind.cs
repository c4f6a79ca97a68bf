using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Keeps or drops each row.</summary>
internal sealed class FilterKind : StatelessKind
{
    public override string Name => "Filter";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([new MethodForm("Filter", MethodResult.Bool, "bool Method(in TRow row)", "bool Keep(in TRow row)")]);

    public override KindAttribute? Attribute => null;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitFilter();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    // If it drops a new version, the row is deleted. If rows do not contain their key, an error is reported at the filter; following
    // streams do not repeat it.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) =>
        inputs[0].Changelog is { IsUpsert: true, ShowsKey: true } updates ? updates with { HasDeletes = true } : ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => OwnReads(node, input).With(behind);

    public override string LabelOf(OperatorNode node) => $"{node.Name}: {node.Applied.Name}";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan) => [];

    public override DiagnosticInfo? ValidateUpdates(Updates updates) => updates.HiddenKey;
}
