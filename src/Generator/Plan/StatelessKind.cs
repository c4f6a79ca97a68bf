namespace Penstock.Generator.Plan;

/// <summary>
/// A kind of operator that looks at each row by itself: it has neither a key nor declared state. Usually it is a call in the loop of a
/// task.
/// </summary>
internal abstract class StatelessKind : ClassKind
{
    public override bool BeginsTask => false;

    public sealed override bool IsKeyed => false;

    public sealed override bool HasWindowScope => false;

    public sealed override bool AlwaysHasEntries => false;

    public sealed override string EntriesOf(KindValues? values) => throw new InvalidOperationException($"A {Name} has no state.");

    public sealed override long LifetimeOf(KindValues? values) => 0;
}
