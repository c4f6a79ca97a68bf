using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Collects the rows of a key and window by event time in state, and emits one row when the window ends.</summary>
internal abstract class WindowKindBase : KeyedKind
{
    public sealed override bool HasWindowScope => true;

    // They tell which keys a window has to fire for.
    public sealed override bool AlwaysHasEntries => true;

    // Which windows are open is saved with their entries.
    public sealed override IReadOnlyList<OwnState> OwnStates => [];

    public sealed override long LifetimeOf(KindValues? values) => values is TimeWindowModel windows ? windows.Lifetime : 0;

    public sealed override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    public sealed override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) =>
        node.Applied.Values is TimeWindowModel { Lateness: > 0 } windows ? new ChangelogModel(
            ChangelogMode.Upsert,
            WindowKey.Of(node.Applied.Origins, node.Key?.Members ?? EquatableArray<KeyMember>.Empty, Identifying, windows.Spacing),
            node.Id)
        { HasDeletes = DeletesResults } : ChangelogModel.Append;

    public sealed override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) =>
        [new SideOutputModel(SideOutputs.Late, node.Applied.Inputs[0].Row)];

    public sealed override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) =>
        node.Applied.Values is TimeWindowModel windows ? TtlGrids(node).Prepend(windows.Grid) : [];

    public sealed override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => OwnReads(node, input);

    public sealed override string LabelOf(OperatorNode node) =>
        $"{node.Name}: {node.Applied.Name}, {DescriptionOf(node)} windows";

    /// <summary>The bounds of which each identifies a window of a key.</summary>
    public virtual EquatableArray<string> Identifying => WindowKey.Bounds;

    /// <summary>Whether a late row can make the result of a window obsolete, so that it is deleted.</summary>
    public virtual bool DeletesResults => false;

    /// <summary>The lengths of its windows, for people.</summary>
    public abstract string DescriptionOf(OperatorNode node);

    public sealed override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
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

    public sealed override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted($"{updates.Avoidance}, or write the stream to a sink");
}
