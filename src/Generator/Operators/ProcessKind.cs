using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Makes any number of rows of each, with the state of its key.</summary>
internal sealed class ProcessKind : KeyedKind
{
    private const string Form = "void Method(in TIn row, in Context context, ref Output<TOut> output)";

    public override string Name => "Process";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([new MethodForm("Process", MethodResult.Nothing, Form, Form.Replace("Method", "On")) { TakesContext = true, Emits = true }]);

    public override KindAttribute? Attribute => null;

    public override bool HasWindowScope => false;

    public override bool AlwaysHasEntries => false;

    public override IReadOnlyList<OwnState> OwnStates => [];

    public override string EntriesOf(KindValues? values) => Keyed;

    public override long LifetimeOf(KindValues? values) => 0;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitProcess();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    // It takes every row as new, and each of its own is.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => node.Applied.SideOutputs;

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => TtlGrids(node);

    public override RowReads ReadsOf(OperatorNode node, RowReads behind) => OwnReads(node);

    public override string LabelOf(OperatorNode node) => $"{node.Name}: {node.Applied.Name}";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node is { Applied.Ttl.EventTimeState: { } state, Time: null } && plan.SourceWithoutTime(node) is { } source)
        {
            yield return new DiagnosticInfo(
                "PEN325",
                DiagnosticAnchor.ProducerType(node.Name),
                new EquatableArray<string>([state, node.Applied.Name, source.Name]),
                source.Name);
        }
    }

    /// <summary>It must learn what a row means, tell which row that is, and have all versions of it in one key.</summary>
    public override DiagnosticInfo? ValidateUpdates(Updates updates)
    {
        if (!updates.Reader.Applied.TakesUpdates)
        {
            return updates.Counted(
                "Set TakesUpdates on its [Process] method, which then learns from Context.RowKind what a row means, or remove AllowedLateness there");
        }

        if (updates.HiddenKey is { } hidden)
        {
            return hidden;
        }

        var stable = updates.Changelog.StableMembers.ToList();
        var changing = updates.Reader.Key?.Members.FirstOrDefault(member => !stable.Contains(member.Name));
        return changing == null ? null : new DiagnosticInfo(
            "PEN130", updates.Place, updates.Reader.Applied.Name, changing.Name, updates.Stream.Name, stable.Count == 0
                ? "none"
                : string.Join(", ", stable.Select(static member => $"'{member}'")));
    }
}
