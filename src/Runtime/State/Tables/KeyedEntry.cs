using System.ComponentModel;

namespace Penstock.State;

/// <summary>A key with its state, as stored in a table.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct KeyedEntry<TKey, TState>
{
    /// <summary>The key of the operator, or of an element.</summary>
    public TKey Key;

    /// <summary>The state.</summary>
    public TState State;
}
