using System.ComponentModel;

namespace Penstock.State;

/// <summary>A value of a collection state, as stored in its table.</summary>
/// <typeparam name="T">The value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct StateCell<T>
{
    /// <summary>The value that the operator has put into the collection.</summary>
    public T Value;
}

/// <summary>The tables of a collection state: for all keys, or for all keys in one window.</summary>
internal abstract class ElementStore
{
    /// <summary>Indicates whether a frozen version is still being read.</summary>
    public abstract bool IsFrozen { get; }

    /// <summary>The memory allocated by the table of elements, in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Removes all elements and keeps the memory. Not allowed while the store is frozen.</summary>
    public abstract void Clear();

    /// <summary>Records that the tables are left to the garbage collector.</summary>
    public abstract void Drop();

    /// <summary>
    /// Rebuilds the links between elements after a restore, and removes elements that have expired in the meantime.
    /// </summary>
    public abstract void Link();
}

/// <summary>The stores of one window, one for each collection state of its operator.</summary>
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

/// <summary>A store with the table of its elements, which checkpoints save.</summary>
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

    /// <summary>The secret in the hashes of keys.</summary>
    protected ulong Secret => secret.Value;

    /// <summary>The time to live of elements, or null if they do not expire.</summary>
    protected Lifetime? Lifetime => lifetime;
}

/// <summary>The memory accounts of a collection state.</summary>
/// <param name="Elements">The account of its elements.</param>
/// <param name="Heads">The account of its metadata for each key.</param>
internal readonly record struct CollectionMemory(StateMemory Elements, StateMemory Heads);
