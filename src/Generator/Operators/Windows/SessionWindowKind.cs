using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>
/// Windows that last as long as rows of their key come: each row extends them. A row between two of them merges their states.
/// </summary>
internal sealed class SessionWindowKind : WindowKindBase
{
    public override string Name => "SessionWindow";

    public override EquatableArray<MethodForm> Methods { get; } =
        new([WindowMethods.Accumulate, WindowMethods.Merge, WindowMethods.Fire]);

    public override KindAttribute? Attribute { get; } = new SessionWindow();

    public override string Unit => "session";

    // The end of a session moves with later rows.
    public override EquatableArray<string> Identifying => WindowKey.Starts;

    public override bool DeletesResults => true;

    public override string EntriesOf(KindValues? values) => values is SessionModel sessions ? $"sessions($;{sessions.Gap})" : Keyed;

    public override string DescriptionOf(OperatorNode node) => $"{Durations.Format(SessionModel.Of(node).Gap)} session";

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitSessionWindow();
}
