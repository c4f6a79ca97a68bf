using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>One window, with the state of every key that has rows in it.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WindowPane<TKey, TState> : KeyedTable<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    internal WindowPane(Detach<TState>? detach, StateMemory memory, TableSecret secret, PaneStores stores)
        : base(detach, memory, secret) => Stores = stores;

    /// <summary>The inclusive start of the window, in microseconds since the Unix epoch.</summary>
    public long Start { get; internal set; }

    /// <summary>The exclusive end of the window, in microseconds since the Unix epoch.</summary>
    public long End { get; internal set; }

    /// <summary>
    /// For a slice that several windows share, the end of the first window that counts its rows; later than <see cref="End"/> for rows that
    /// were late for the windows before.
    /// </summary>
    internal long FirstEnd { get; set; }

    /// <summary>The collection states of the window.</summary>
    public PaneStores Stores { get; }

    /// <summary>
    /// Indicates whether the window has fired and stays open only for its allowed lateness; for a slice, whether a window that contains it
    /// has fired.
    /// </summary>
    public bool HasFired { get; internal set; }

    /// <summary>
    /// Returns a key of the window in the form that arrived first. All results of the window show this form, so that consumers see one key.
    /// </summary>
    /// <param name="key">The key, in any form.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the secret of the operator's tables.</param>
    /// <returns>An equal key.</returns>
    public TKey StoredKey(TKey key, ulong hash) => KeyForms<TKey>.CanDiffer ? FormOf(key, hash) : key;

    /// <summary>Returns the keys for which the window has not fired yet.</summary>
    /// <returns>An enumerator over references.</returns>
    public Enumerator Unfired() => new(this, FiredTo);

    /// <summary>The place up to which the window has fired.</summary>
    internal TablePlace FiredTo { get; set; } = TablePlace.Start;

    /// <summary>The number of keys for which the window has fired before its firing was paused.</summary>
    internal int Fired { get; set; }

    /// <summary>Indicates whether a checkpoint is still reading the pane, so that its memory must not be reused.</summary>
    internal bool IsBusy => IsFrozen || Stores.IsFrozen;

    /// <summary>Resets the firing to the first key.</summary>
    internal void ResetFiring() => (FiredTo, Fired) = (TablePlace.Start, 0);

    /// <summary>Determines whether a key has rows in the window.</summary>
    internal bool Contains(TKey key, ulong hash) => !Unsafe.IsNullRef(in Find(key, hash));

    /// <summary>Gives a key that was just added the form that it has in another pane.</summary>
    internal void TakeForm(TKey key, ulong hash, WindowPane<TKey, TState> other) => SetForm(key, hash, other.FormOf(key, hash));

    /// <summary>The memory needed to keep the pane, in bytes.</summary>
    internal long KeptBytes => Bytes + Stores.Bytes;

    /// <summary>Empties the pane for another window.</summary>
    internal void Empty()
    {
        Clear();
        ResetFiring();
        Stores.Clear();
    }

    /// <summary>Releases the memory of the pane.</summary>
    internal void GiveUp()
    {
        Drop();
        Stores.Drop();
    }
}
