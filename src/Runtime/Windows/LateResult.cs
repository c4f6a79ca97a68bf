using System.ComponentModel;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>A result of a window that has fired, and that rows have changed since.</summary>
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
        Key = key;
        Hash = hash;
        Kind = kind;
    }

    /// <summary>The window.</summary>
    public WindowPane<TKey, TState> Window { get; }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>What the result means: the first one of its key, or one that replaces another.</summary>
    public RowKind Kind { get; }

    /// <summary>The state of the key.</summary>
    public ref TState State => ref Window.GetOrAdd(Key, Hash);

    internal ulong Hash { get; }

    internal bool IsOf(WindowPane<TKey, TState> window, TKey key) => ReferenceEquals(window, Window) && TKey.Compare(key, Key) == 0;
}
