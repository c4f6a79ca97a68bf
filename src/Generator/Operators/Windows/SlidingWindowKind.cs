using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Windows of the same length, which start a short time after each other.</summary>
internal sealed class SlidingWindowKind() : SliceKind("sliding")
{
    public override string Name => "SlidingWindow";

    public override KindAttribute? Attribute { get; } = new SlidingWindow();

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitSlidingWindow();
}
