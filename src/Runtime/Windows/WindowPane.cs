using System.ComponentModel;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>One window in time with the state of every key that has rows in it.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class WindowPane<TKey, TState> : KeyedTable<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    internal WindowPane(Detach<TState>? detach, StateMemory memory, TableSecret secret, PaneStores stores)
        : base(detach, memory, secret) => Stores = stores;

    /// <summary>The first instant of the window, in microseconds since the Unix epoch.</summary>
    public long Start { get; internal set; }

    /// <summary>The first instant after the window, in microseconds since the Unix epoch.</summary>
    public long End { get; internal set; }

    /// <summary>The collection states of the window.</summary>
    public PaneStores Stores { get; }

    /// <summary>Whether the window has fired and stays open for its allowed lateness only.</summary>
    public bool HasFired { get; internal set; }

    /// <summary>The keys for which the window has yet to fire.</summary>
    /// <returns>An enumerator over references.</returns>
    public Enumerator Unfired() => new(this, FiredTo);

    /// <summary>How far its firing has come.</summary>
    internal TablePlace FiredTo { get; set; } = TablePlace.Start;

    /// <summary>For how many keys it has fired, where its firing has paused.</summary>
    internal int Fired { get; set; }

    /// <summary>Whether a checkpoint still reads it, so that its memory must not be used for another window.</summary>
    internal bool IsBusy => IsFrozen || Stores.IsFrozen;

    /// <summary>Lets its next firing begin with the first key.</summary>
    internal void BeginAnew() => (FiredTo, Fired) = (TablePlace.Start, 0);

    /// <summary>What it takes to keep it.</summary>
    internal long KeptBytes => Bytes + Stores.Bytes;

    /// <summary>Makes it fit for another window.</summary>
    internal void Empty()
    {
        Clear();
        BeginAnew();
        Stores.Clear();
    }

    /// <summary>Gives it to the garbage collector.</summary>
    internal void GiveUp()
    {
        Drop();
        Stores.Drop();
    }
}
