using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Emits a row, or none, for each row, when the call for it has completed. Rows in flight are part of checkpoints.</summary>
internal sealed class AsyncMapKind : StatelessKind
{
    public override string Name => "AsyncMap";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([
            new MethodForm(
                "AsyncMap",
                MethodResult.Awaited,
                "ValueTask<TOut> Method(TIn row, CancellationToken cancellation)",
                "ValueTask<TOut> CallAsync(TIn row, CancellationToken cancellation)") { Options = new AsyncMapOptions() }
        ]);

    public override KindAttribute? Attribute => null;

    public override bool BeginsTask => true;

    public override bool IsAsync => true;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitAsyncMap();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    // It cannot take updates.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<StateModel> StatesOf(OperatorNode node) => node.InputRows is { } rows
        ? [new StateModel("", EquatableArray<string>.Empty, $"calls{{{ValueSchema.OfBuild.States([KeptRow.FieldOf(rows)])}}}")]
        : [];

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    // A later release may read other columns of the rows in a checkpoint.
    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => RowReads.Everything;

    public override string LabelOf(OperatorNode node)
    {
        var options = AsyncMapModel.Of(node);
        return $"{node.Name}: {node.Applied.Name}, {options.Concurrency} at once{(options.InCompletionOrder ? ", unordered" : "")}";
    }

    public override (string Problem, string Remedy)? ClockDependenceOf(OperatorNode node) => AsyncMapModel.Of(node).InCompletionOrder
        ? ($"'{node.Name}' emits results in the order in which calls complete", "set Order = AsyncOrder.Input")
        : null;

    public override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        if (plan.Find(node.Inputs[0]) is { Row: { } row, RowValue: { } value } input
            && UnsupportedPart.Find(value, row.ShortName) is { } part)
        {
            yield return new DiagnosticInfo("PEN136", PlaceOfInput(node, 0), node.Applied.Name, input.Name, part);
        }

        foreach (var finding in base.ValidateRows(node, plan))
        {
            yield return finding;
        }
    }

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan) => [];

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted($"{updates.Avoidance}, or write the stream to a sink");
}
