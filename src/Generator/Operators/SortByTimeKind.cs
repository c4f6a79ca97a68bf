using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>
/// Keeps each row until the watermark has passed its event time, and then passes it on: all rows in the order of time or, with a key, those
/// of each key.
/// </summary>
internal sealed class SortByTimeKind : StreamKind
{
    public override string Name => "SortByTime";

    public override string Attribute => "SortByTimeAttribute";

    public override string Parameter => "input";

    public override string? PreferredParameter => null;

    public override EquatableArray<string> Options => EquatableArray<string>.Empty;

    // Without a key, all rows have the same, so that one subtask sorts all of them.
    public override Partitioning Partitioning => Partitioning.Hash;

    public override bool KeyIsOptional => true;

    public override bool KeepsRows => true;

    public override bool BeginsTask => true;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitSortByTime();

    public override TypeRef RowOf(OperatorNode node, int input) => node.Row!;

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) =>
        inputs[0].Time is { } time ? time with { MaxDelay = 0, Watermark = null } : null;

    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<StateModel> StatesOf(OperatorNode node)
    {
        if (node.RowValue is { } rows)
        {
            yield return new StateModel(
                "", EquatableArray<string>.Empty, $"sorted($){{{ValueSchema.OfBuild.States([KeptRow.FieldOf(rows)])}}}");
        }
    }

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [new SideOutputModel(SideOutputs.Late, node.Row!)];

    // A row may have any time, so every step of the watermark counts.
    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [new WatermarkGrid(1, 0, 0)];

    // Rows are state. A later version of the program may read other members of the rows that this one has kept.
    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => RowReads.Everything;

    public override string LabelOf(OperatorNode node) => $"{node.Name}: sorted by time, keeps rows until the watermark passes them";

    public override DiagnosticAnchor PlaceOfInput(OperatorNode node, int input) => DiagnosticAnchor.Producer(node.Name, 0, Parameter);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenStream written) => [];

    public override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        if (node.Row != null && plan.Find(node.Inputs[0]) is { Row: { } given } input && given.DiffersFrom(node.Row))
        {
            yield return new DiagnosticInfo("PEN105", PlaceOfInput(node, 0), Name, node.Row.ShortName, input.Name, given.ShortName);
        }
        else if (node is { Row: { } row, RowValue: { } value } && UnsupportedPart.Find(value, row.ShortName) is { } part)
        {
            yield return new DiagnosticInfo("PEN330", DiagnosticAnchor.Producer(node.Name), node.Name, Name, part);
        }
    }

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        if (node.Time == null && plan.SourceWithoutTime(node) is { } source)
        {
            var (stream, remedy) = plan.StreamWithoutTime(node);
            yield return new DiagnosticInfo(
                "PEN228",
                DiagnosticAnchor.Producer(node.Name),
                new EquatableArray<string>([node.Name, stream, remedy]),
                source.Time == null ? source.Name : null);
        }
    }

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Counted($"{updates.Avoidance}, or write the stream to a sink");
}
