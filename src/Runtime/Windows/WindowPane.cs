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
    internal WindowPane(Detach<TState>? detach, StateMemory memory)
        : base(detach, memory)
    {
    }

    /// <summary>The first instant of the window, in microseconds since the Unix epoch.</summary>
    public long Start { get; internal set; }

    /// <summary>The first instant after the window, in microseconds since the Unix epoch.</summary>
    public long End { get; internal set; }

    /// <summary>Whether the window has fired and stays open for its allowed lateness only.</summary>
    public bool HasFired { get; internal set; }
}
