using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>Collects the rows of a key and window in state, and emits one row when the window ends.</summary>
internal sealed class WindowKind : KeyedKind
{
    public override string Name => "Window";

    public override EquatableArray<MethodForm> Methods { get; } = new([WindowMethods.Accumulate, WindowMethods.Fire]);

    public override KindAttribute? Attribute { get; } = new TumblingWindow();

    public override bool HasWindowScope => true;

    // They tell which keys a window has to fire for.
    public override bool AlwaysHasEntries => true;

    // Which windows are open is saved with their entries.
    public override IReadOnlyList<OwnState> OwnStates => [];

    public override string EntriesOf(KindValues? values) =>
        values is WindowModel window ? $"windows($;{window.Size},{window.Offset})" : Keyed;

    public override long LifetimeOf(KindValues? values) => values is WindowModel window ? window.Size + window.Lateness : 0;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitWindow();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) =>
        node.Applied.Values is WindowModel { Lateness: > 0 } window ? new ChangelogModel(
            ChangelogMode.Upsert,
            WindowKey.Of(node.Applied.Origins, node.Key?.Members ?? EquatableArray<KeyMember>.Empty, window),
            node.Id) : ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) =>
        [new SideOutputModel(SideOutputs.Late, node.Applied.Input)];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) =>
        node.Applied.Values is WindowModel window
            ? TtlGrids(node).Prepend(new WatermarkGrid(window.Size, window.Offset, window.Lateness))
            : [];

    public override RowReads ReadsOf(OperatorNode node, RowReads behind) => OwnReads(node);

    public override string LabelOf(OperatorNode node) =>
        $"{node.Name}: {node.Applied.Name}, {Durations.Format(WindowModel.Of(node).Size)} windows";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node.Time == null && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            yield return new DiagnosticInfo(
                "PEN204",
                DiagnosticAnchor.ProducerType(node.Name),
                new EquatableArray<string>([node.Applied.Name, stream, remedy]),
                source.Time == null ? source.Name : null);
        }
    }

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted("remove AllowedLateness from that window, or write the stream to a sink");
}
