using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Emits one row for each row.</summary>
internal sealed class MapKind : StatelessKind
{
    public override string Name => "Map";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([new MethodForm("Map", MethodResult.Row, "TOut Method(in TIn row)", "TOut Make(in TIn row)")]);

    public override KindAttribute? Attribute => null;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitMap();

    public override TimeModel? TimeOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs) => inputs[0].Time;

    // Parts of the key whose members are unknown are not followed further. If a part is lost, an error is reported at the map; following
    // streams do not repeat it.
    public override ChangelogModel ChangelogOf(OperatorNode node, IReadOnlyList<LogicalNode> inputs)
    {
        var input = inputs[0].Changelog;
        if (LostPart(node, input) != null)
        {
            return ChangelogModel.Append;
        }

        var stable = input.StableMembers.ToList();
        return input with
        {
            Key = input.Key.Select(part => new KeyPart(
                part.Name,
                node.Applied.Origins?.CarriersOf(part.Carriers) ?? EquatableArray<string>.Empty,
                node.Applied.Origins?.MadeOf(part.Members, stable) ?? EquatableArray<string>.Empty,
                node.Applied.Origins?.IdentifiersOf(part.Identifiers, stable) ?? EquatableArray<IdentifyingMember>.Empty)
            {
                IsLeftOut = part.IsLeftOut,
                CanBeNull = part.CanBeNull,
            }).ToEquatableArray(),
        };
    }

    public override IEnumerable<SideOutputModel> SideOutputsOf(OperatorNode node) => [];

    public override IEnumerable<WatermarkGrid> GridsOf(OperatorNode node) => [];

    public override RowReads ReadsOf(OperatorNode node, int input, RowReads behind) => OwnReads(node, input);

    public override string LabelOf(OperatorNode node) => $"{node.Name}: {node.Applied.Name}";

    public override IEnumerable<DiagnosticInfo> ValidateTime(OperatorNode node, LogicalPlan plan) => [];

    /// <summary>A map emits one row for each version, so its rows must keep the members that identify the row.</summary>
    public override DiagnosticInfo? ValidateUpdates(Updates updates)
    {
        var lost = LostPart(updates.Reader, updates.Changelog);
        return lost == null ? null : new DiagnosticInfo(
            "PEN121",
            updates.Place,
            updates.Reader.Applied.Name,
            lost.Name,
            string.Join(" or ", lost.Carriers.Select(static member => $"'{member}'")),
            updates.Changelog.Keeper == null
                ? $"window operator '{updates.Origin.Applied.Name}', which emits a row again when late rows change it"
                : $"'{updates.Origin.Name}', which {updates.Changelog.Cause}",
            updates.Changelog.Keeper is { } keeper ? $"put the map before {keeper}" : "remove AllowedLateness");
    }

    private static KeyPart? LostPart(OperatorNode node, ChangelogModel input) =>
        input.Key.FirstOrDefault(part => part.Carriers.Count > 0 && IsLost(node.Applied, part));

    private static bool IsLost(OperatorModel map, KeyPart part) =>
        map.Origins is { } origins ? origins.CarriersOf(part.Carriers).Count == 0 : !part.Carriers.Any(map.Carries.Contains);
}
