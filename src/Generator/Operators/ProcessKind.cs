using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Emits any number of rows for each row, using the state of its key.</summary>
internal class ProcessKind : KeyedKind
{
    private const string Form = "void Method(in TIn row, in Context context, ref Output<TOut> output)";

    /// <summary>Processes a row.</summary>
    protected static MethodForm Process { get; } =
        new("Process", MethodResult.Nothing, Form, Form.Replace("Method", "On")) { TakesContext = true, Emits = true };

    public override string Name => "Process";

    public override EquatableArray<MethodForm> Methods { get; } = new([Process]);

    public override KindAttribute? Attribute => null;

    public override bool TakesSeveralInputs => true;

    public override bool HasWindowScope => false;

    public override bool AlwaysHasEntries => false;

    public override IReadOnlyList<OwnState> OwnStates => [];

    public override string EntriesOf(KindValues? values) => Keyed;

    public override long LifetimeOf(KindValues? values) => 0;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitProcess();

    // If only some inputs have event time, the rows that it emits have none.
    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs)
    {
        var times = inputs.Select(static input => input.Time).OfType<TimeModel>().ToList();
        return times.Count < inputs.Count ? null : TimeModel.OfAll(times);
    }

    // Each row that it emits is new.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => node.Applied.SideOutputs;

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => TtlGrids(node);

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => OwnReads(node, input);

    public override string LabelOf(OperatorNode node) =>
        $"{node.Name}: {node.Applied.Name}{(node.Preferred is { } preferred ? $", {node.Inputs[preferred]} first" : "")}";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node is { Applied.Ttl.EventTimeState: { } state, Time: null } && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            yield return new DiagnosticInfo(
                "PEN325",
                PlaceWithoutTime(node, plan),
                new EquatableArray<string>([state, node.Applied.Name, stream, remedy]),
                source.Time == null ? source.Name : null);
        }
    }

    /// <summary>
    /// The place of the input because of which an operator has no event time; of one with a single input, that of the operator.
    /// </summary>
    protected DiagnosticAnchor PlaceWithoutTime(OperatorNode node, LogicalPlan plan) => node.Applied.HasSeveralInputs
        ? PlaceOfInput(node, node.Inputs.ToList().FindIndex(input => plan.Find(input) is { Time: null }))
        : DiagnosticAnchor.ProducerType(node.Name);

    /// <summary>
    /// It must accept updates, its input must contain the key of the rows, and all versions of a row must have the same key.
    /// </summary>
    public override DiagnosticInfo? ValidateUpdates(Updates updates)
    {
        if (!updates.Reader.Applied.Inputs[updates.Input].AcceptsUpdates)
        {
            return updates.Counted(
                $"set AcceptsUpdates on its [Process] method, where Context.RowKind tells what each row means, or {updates.Avoidance}");
        }

        if (updates.HiddenKey is { } hidden)
        {
            return hidden;
        }

        var stable = updates.Changelog.StableMembers.ToList();
        var changing = updates.Reader.Key == null
            ? null
            : updates.Reader.KeyOf(updates.Input).Members.FirstOrDefault(member => !stable.Contains(member.Name));
        return changing == null ? null : new DiagnosticInfo(
            "PEN130", updates.Place, updates.Reader.Applied.Name, changing.Name, updates.Stream.Name, stable.Count == 0
                ? "none"
                : string.Join(", ", stable.Select(static member => $"'{member}'")));
    }
}
