using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using StateSuffix = Penstock.Generator.Schemas.StateSuffix;

namespace Penstock.Generator.Operators;

/// <summary>
/// Joins the rows of two inputs with the same key whose event times are close. Rows are kept until none can come that they could meet.
/// </summary>
internal sealed class IntervalJoinKind : KeyedKind
{
    public override string Name => "IntervalJoin";

    public override EquatableArray<MethodForm> Methods { get; } = new([JoinMethods.Match, JoinMethods.Unmatched]);

    public override KindAttribute? Attribute { get; } = new IntervalJoin();

    public override bool KeepsRows => true;

    public override bool HasDeclaredState => false;

    public override bool HasWindowScope => false;

    public override bool AlwaysHasEntries => false;

    // The rows that it keeps are those of the pipeline, so their schema is not known from the class.
    public override IReadOnlyList<OwnState> OwnStates => [];

    public override IEnumerable<StateSuffix> Suffixes => [StateSuffix.Left, StateSuffix.Right];

    public override string EntriesOf(KindValues? values) => "joined($)";

    public override long LifetimeOf(KindValues? values) => 0;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitIntervalJoin();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs)
    {
        var times = inputs.Select(static input => input.Time).OfType<TimeModel>().ToList();
        return times.Count < inputs.Count ? null : TimeModel.OfAll(times);
    }

    // Each result is new.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    /// <summary>What the join does beside emitting a result for each pair of rows.</summary>
    public static JoinMode ModeOf(OperatorNode node)
    {
        var methods = node.Applied.Join!;
        return (methods.OfLeft ? JoinMode.UnmatchedLeft : 0)
            | (methods.OfRight ? JoinMode.UnmatchedRight : 0)
            | (JoinModel.Of(node).Once ? JoinMode.Once : 0)
            | (methods.OfPairs ? 0 : JoinMode.NoPairs);
    }

    /// <summary>The suffix of the state with the rows of an input.</summary>
    public static StateSuffix SuffixOf(int input) => input == 0 ? StateSuffix.Left : StateSuffix.Right;

    public override IEnumerable<StateModel> StatesOf(OperatorNode node)
    {
        for (var input = 0; input < node.KeptRows.Count; input++)
        {
            yield return new StateModel(
                $"{SuffixOf(input)}",
                EquatableArray<string>.Empty,
                $"{EntriesOf(node)}{{{ValueSchema.OfBuild.States([KeptRow.FieldOf(node.KeptRows[input])])}}}");
        }
    }

    // Which rows are kept, and which of them count as matched, depends on the interval and on the methods. The runtime has the same text.
    private static string EntriesOf(OperatorNode node)
    {
        var join = JoinModel.Of(node);
        return $"joined($;{join.Lower},{join.Upper},{(int)ModeOf(node)})";
    }

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) =>
        [new SideOutputModel(SideOutputs.LateLeft, RowOf(node, 0)), new SideOutputModel(SideOutputs.LateRight, RowOf(node, 1))];

    // A row may have any time, so every step of the watermark counts.
    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [new WatermarkGrid(1, 0, 0)];

    // Rows are state. A later version of the program may read other members of the rows that this one has kept.
    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => RowReads.Everything;

    public override string LabelOf(OperatorNode node) => $"{node.Name}: {node.Applied.Name}, joins within {JoinModel.Of(node).Text}";

    public override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        foreach (var finding in base.ValidateRows(node, plan))
        {
            yield return finding;
        }

        for (var input = 0; input < node.KeptRows.Count; input++)
        {
            if (UnsupportedPart.Find(node.KeptRows[input], RowOf(node, input).ShortName) is { } part)
            {
                yield return new DiagnosticInfo("PEN330", PlaceOfInput(node, input), node.Name, Name, part);
            }
        }
    }

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node.Time == null && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            yield return new DiagnosticInfo(
                "PEN229",
                PlaceOfInput(node, Math.Max(0, node.Inputs.ToList().FindIndex(input => plan.Find(input) is { Time: null }))),
                new EquatableArray<string>([node.Applied.Name, stream, remedy]),
                source.Time == null ? source.Name : null);
        }
    }

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted($"{updates.Avoidance}, or write the stream to a sink");
}
