using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Schemas;

namespace Penstock.Generator.Tests.Helpers;

/// <summary>
/// A second kind of windows, as someone could add it: windows of a number of rows, which skip rows. It has the methods of
/// other windows, and an attribute with a number.
/// </summary>
internal sealed class SkippingKind : KeyedKind
{
    public override string Name => "Skipping";

    public override EquatableArray<MethodForm> Methods { get; } = new([WindowMethods.Accumulate, WindowMethods.Fire]);

    public override KindAttribute? Attribute { get; } = new SkippingWindow();

    public override bool HasWindowScope => true;

    public override bool AlwaysHasEntries => true;

    // Tests cannot make a suffix: only those in the list exist.
    public override IReadOnlyList<OwnState> OwnStates { get; } = [new(StateSuffix.Key, "keyed($){Skipped:int64}")];

    public override string EntriesOf(KindValues? values) => $"counts($;{((SkippingModel)values!).Step})";

    public override long LifetimeOf(KindValues? values) => 0;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => throw new NotSupportedException();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => ChangelogModel.Append;

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => OwnReads(node, input);

    public override string LabelOf(OperatorNode node) => node.Name;

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan) => [];

    public override DiagnosticInfo? ValidateUpdates(Updates updates) => null;
}

/// <summary>Its attribute.</summary>
internal sealed class SkippingWindow : KindAttribute
{
    public override string Name => "SkippingWindowAttribute";

    public override string Noun => "window";

    public override string Example => "[SkippingWindow(2)]";

    public override EquatableArray<string> Parameters { get; } = new(["step"]);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenAttribute written) =>
        int.TryParse(written["step"], out _) ? [] : [new DiagnosticInfo("PEN205", PlaceOf("step"), written["step"] ?? "")];

    public override KindValues ValuesOf(WrittenAttribute written) => new SkippingModel(int.Parse(written["step"]!));

    public override KindValues? ValuesOf(Func<string, long?> contract) => contract("Step") is { } step ? new SkippingModel(step) : null;
}

/// <summary>Its values.</summary>
internal sealed record SkippingModel(long Step) : KindValues
{
    public override IEnumerable<(string Name, long Value)> Contract => [("Step", Step)];
}
