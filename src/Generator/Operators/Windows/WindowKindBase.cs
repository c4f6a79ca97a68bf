using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>Collects the rows of a key and window by event time in state, and emits one row when the window ends.</summary>
internal abstract class WindowKindBase : KeyedKind
{
    public sealed override bool HasWindowScope => true;

    // They tell which keys a window has to fire for.
    public sealed override bool AlwaysHasEntries => true;

    // Which windows are open is saved with their entries.
    public sealed override IReadOnlyList<OwnState> OwnStates => [];

    public sealed override long LifetimeOf(KindValues? values) => values is WindowModel window ? window.Size + window.Lateness : 0;

    public sealed override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    public sealed override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) =>
        node.Applied.Values is WindowModel { Lateness: > 0 } window ? new ChangelogModel(
            ChangelogMode.Upsert,
            WindowKey.Of(node.Applied.Origins, node.Key?.Members ?? EquatableArray<KeyMember>.Empty, window, ShareStarts),
            node.Id) : ChangelogModel.Append;

    public sealed override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) =>
        [new SideOutputModel(SideOutputs.Late, node.Applied.Input)];

    public sealed override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) =>
        node.Applied.Values is WindowModel window
            ? TtlGrids(node).Prepend(new WatermarkGrid(window.Step, window.Offset % window.Step, window.Lateness))
            : [];

    public sealed override RowReads ReadsOf(OperatorNode node, RowReads behind) => OwnReads(node);

    public sealed override string LabelOf(OperatorNode node) =>
        $"{node.Name}: {node.Applied.Name}, {DescriptionOf(WindowModel.Of(node))} windows";

    /// <summary>Whether several windows have the same start.</summary>
    public virtual bool ShareStarts => false;

    /// <summary>The lengths of its windows, for people.</summary>
    public virtual string DescriptionOf(WindowModel window) => Durations.Format(window.Size);

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
