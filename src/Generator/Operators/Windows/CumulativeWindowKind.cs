using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Windows with the same start, such as a day, which end a short time after each other.</summary>
internal sealed class CumulativeWindowKind() : SliceKind("cumulative")
{
    public override string Name => "CumulativeWindow";

    public override KindAttribute? Attribute { get; } = new CumulativeWindow();

    public override EquatableArray<string> Identifying => WindowKey.Ends;

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitCumulativeWindow();
}
