using System.ComponentModel;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>A result of a fired window that late rows have changed.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LateResult<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    internal LateResult(WindowPane<TKey, TState> window, TKey key, ulong hash, RowKind kind)
    {
        Window = window;
        Sought = key;
        Hash = hash;
        Kind = kind;
    }

    /// <summary>The window.</summary>
    public WindowPane<TKey, TState> Window { get; }

    /// <summary>The key, as the window stores it.</summary>
    public TKey Key => Window.StoredKey(Sought, Hash);

    /// <summary>
    /// The row kind of the result: an insert if it is the first result of its key, otherwise an update of an earlier one.
    /// </summary>
    public RowKind Kind { get; }

    /// <summary>The state of the key.</summary>
    public ref TState State => ref Window.GetOrAdd(Sought, Hash);

    /// <summary>The key in the form of the row.</summary>
    internal TKey Sought { get; }

    internal ulong Hash { get; }

    internal bool IsOf(WindowPane<TKey, TState> window, TKey key) => ReferenceEquals(window, Window) && TKey.Compare(key, Sought) == 0;
}
