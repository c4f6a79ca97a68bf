using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>Tumbling windows, each with its own state.</summary>
internal sealed class WindowKind : WindowKindBase
{
    public override string Name => "Window";

    public override EquatableArray<MethodForm> Methods { get; } = new([WindowMethods.Accumulate, WindowMethods.Fire]);

    public override KindAttribute? Attribute { get; } = new TumblingWindow();

    public override string EntriesOf(KindValues? values) =>
        values is WindowModel window ? $"windows($;{window.Size},{window.Offset})" : Keyed;

    public override string DescriptionOf(OperatorNode node) => Durations.Format(WindowModel.Of(node).Size);

    public override TResult Accept<TResult>(IOperatorKindVisitor<TResult> visitor) => visitor.VisitWindow();
}
