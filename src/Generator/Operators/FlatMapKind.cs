using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Emits any number of rows for each row.</summary>
internal sealed class FlatMapKind : StatelessKind
{
    public override string Name => "FlatMap";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([
            new MethodForm(
                "FlatMap",
                MethodResult.Nothing,
                "void Method(in TIn row, ref Output<TOut> output)",
                "void Split(in TIn row, ref Output<TOut> output)") { Emits = true }
        ]);

    public override KindAttribute? Attribute => null;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitFlatMap();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    // It cannot take updates.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => node.Applied.SideOutputs;

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => OwnReads(node, input);

    public override string LabelOf(OperatorNode node) => $"{node.Name}: {node.Applied.Name}";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan) => [];

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        new(
            "PEN120",
            updates.Place,
            updates.Reader.Applied.Name,
            updates.Stream.Name,
            $"{updates.Changelog}",
            updates.Changelog.Keeper is { } keeper
                ? $"put the operator before {keeper}"
                : "put the operator before the window, remove AllowedLateness,");
}
