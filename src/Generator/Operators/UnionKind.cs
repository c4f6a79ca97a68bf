using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Combines the rows of several streams.</summary>
internal sealed class UnionKind : StreamKind
{
    public override string Name => "Union";

    public override string Attribute => "UnionAttribute";

    public override string Parameter => "inputs";

    public override string PreferredParameter => "Prefer";

    public override EquatableArray<string> Options => EquatableArray<string>.Empty;

    public override Partitioning Partitioning => Partitioning.Forward;

    public override bool BeginsTask => true;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitUnion();

    public override TypeRef RowOf(OperatorNode node, int input) => node.Row!;

    // If only some inputs have event time, an error is reported at the union; following streams do not repeat it.
    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs)
    {
        var times = inputs.Select(static input => input.Time).OfType<TimeModel>().ToList();
        return times.Count == 0 ? null : TimeModel.OfAll(times);
    }

    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<StateModel> StatesOf(OperatorNode node) => [];

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => behind;

    public override string LabelOf(OperatorNode node) =>
        $"{node.Name}: union{(node.Preferred is { } preferred ? $", {node.Inputs[preferred]} first" : "")}";

    public override DiagnosticAnchor PlaceOfInput(OperatorNode node, int input) =>
        DiagnosticAnchor.ProducerElement(node.Name, 0, Parameter, input);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenStream written)
    {
        var inputs = written.Inputs;
        if (inputs.Count < 2)
        {
            yield return new DiagnosticInfo("PEN122", written.PlaceOf(), written.Stream, inputs.Count == 0 ? "none" : "one");
        }

        for (var i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Length > 0 && inputs.Take(i).Contains(inputs[i]))
            {
                yield return new DiagnosticInfo(
                    "PEN123",
                    DiagnosticAnchor.ProducerElement(written.Stream, written.Producer, Parameter, i),
                    inputs[i],
                    "this union");
            }
        }

        if (written.Preferred is { } preferred && !inputs.Contains(preferred))
        {
            yield return new DiagnosticInfo("PEN132", written.PlaceOf(PreferredParameter), preferred, written.Stream);
        }
    }

    public override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Row != null && plan.Find(node.Inputs[i]) is { Row: { } given } input && given.DiffersFrom(node.Row))
            {
                yield return new DiagnosticInfo("PEN105", PlaceOfInput(node, i), Name, node.Row.ShortName, input.Name, given.ShortName, "");
            }
        }
    }

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan)
    {
        var timed = node.Inputs.Select(plan.Find).FirstOrDefault(static input => input?.Time != null);
        for (var i = 0; timed != null && i < node.Inputs.Count; i++)
        {
            if (plan.Find(node.Inputs[i]) is { Time: null } input && plan.SourceWithoutTime(input) is { } source)
            {
                var remedy = source.Time == null
                    ? $"add [EventTime(nameof(Row.Member))] to '{source.Name}'"
                    : "remove it from the union, because the rows of its side output have no event time";
                yield return new DiagnosticInfo(
                    "PEN212", PlaceOfInput(node, i), new EquatableArray<string>([input.Name, timed.Name, remedy]), source.Time == null
                        ? source.Name
                        : null);
            }
        }
    }

    public override DiagnosticInfo? ValidateUpdates(Updates updates) =>
        updates.Changelog.Keeper is { } keeper
            ? new("PEN124", updates.Place, updates.Stream.Name, updates.Changelog.Cause, $"unite the streams before {keeper}")
            : new(
                "PEN124",
                updates.Place,
                updates.Stream.Name,
                $"emits a row again when late rows change its window ('{updates.Origin.Applied.Name}')",
                "unite the streams before the window, or remove AllowedLateness");
}
