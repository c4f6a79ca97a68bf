using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>Windows that overlap. Each row is added to one slice, and a window that fires merges the states of its slices.</summary>
/// <param name="entries">The name of its entries in checkpoints.</param>
internal abstract class SliceKind(string entries) : WindowKindBase
{
    public sealed override EquatableArray<MethodForm> Methods { get; } =
        new([WindowMethods.Accumulate, WindowMethods.Merge, WindowMethods.Fire]);

    // The lateness and the form of a window do not change what a slice contains, but which slices there are.
    public sealed override string EntriesOf(KindValues? values) =>
        values is WindowModel window ? $"{entries}($;{window.Size},{window.Step},{window.Offset})" : Keyed;

    public sealed override string Unit => "slice";

    public sealed override string DescriptionOf(OperatorNode node) =>
        $"{Durations.Format(WindowModel.Of(node).Size)}/{Durations.Format(WindowModel.Of(node).Step)} {entries}";
}
