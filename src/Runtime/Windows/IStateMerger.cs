using System.ComponentModel;

namespace Penstock.Windows;

/// <summary>Merges two states of a key. Generated code implements it with a struct, so that calls are direct.</summary>
/// <typeparam name="TState">The state type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IStateMerger<TState>
    where TState : struct
{
    /// <summary>Merges the state of later rows into a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="other">The state of later rows, which may only be read.</param>
    void Merge(ref TState state, in TState other);
}
