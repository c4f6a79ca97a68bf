using System.ComponentModel;

namespace Penstock.State;

/// <summary>A value of a collection state, as it lies in its table.</summary>
/// <typeparam name="T">The value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct StateCell<T>
{
    /// <summary>What the operator has put into the collection.</summary>
    public T Value;
}

/// <summary>The tables behind a collection state: those of all keys, or of all keys in one window.</summary>
internal abstract class ElementStore
{
    /// <summary>Whether a frozen version is still being read.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>What the table of the elements has allocated.</summary>
    public abstract long Bytes { get; }

    /// <summary>Removes everything and keeps the memory. Not while it is frozen.</summary>
    public abstract void Clear();

    /// <summary>Says that the tables are given to the garbage collector.</summary>
    public abstract void Drop();

    /// <summary>Finds out, after a restore, what is not saved: which elements belong together, and what has expired meanwhile.</summary>
    public abstract void Link();
}

/// <summary>The stores of one window: one for each collection state of its operator.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PaneStores
{
    internal static readonly PaneStores None = new([]);

    internal PaneStores(ElementStore[] items) => Items = items;

    internal ElementStore[] Items { get; }

    internal bool IsFrozen => Array.Exists(Items, static store => store.IsFrozen);

    internal long Bytes => Items.Sum(static store => store.Bytes);

    internal void Clear()
    {
        foreach (var store in Items)
        {
            store.Clear();
        }
    }

    internal void Drop()
    {
        foreach (var store in Items)
        {
            store.Drop();
        }
    }
}

/// <summary>A store with the table of its elements, which is what checkpoints save.</summary>
internal abstract class ElementStore<TElementKey, TElement>(
    Detach<TElement>? detach,
    StateMemory memory,
    TableSecret secret,
    Lifetime? lifetime) : ElementStore
    where TElementKey : struct, IKey<TElementKey>
    where TElement : struct
{
    public KeyedTable<TElementKey, TElement> Elements { get; } = new(detach, memory, secret);

    public override bool IsFrozen => Elements.IsFrozen;

    public override long Bytes => Elements.Bytes;

    /// <summary>The secret in the hashes.</summary>
    protected ulong Secret => secret.Value;

    /// <summary>How long elements live; null where they live until they are removed.</summary>
    protected Lifetime? Lifetime => lifetime;
}

/// <summary>Accounts for the memory of a collection state.</summary>
/// <param name="Elements">Of its elements.</param>
/// <param name="Heads">Of what it knows of each key.</param>
internal readonly record struct CollectionMemory(StateMemory Elements, StateMemory Heads);
