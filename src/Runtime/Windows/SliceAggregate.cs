using Penstock.State;

namespace Penstock.Windows;

/// <summary>
/// The slices of one key that count in its current window, with aggregates from which the state of the window is merged in constant time.
/// The default value has no slices.
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
internal struct SliceAggregate<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    /// <summary>The older slices, the oldest last. Each has the aggregate of its state and those of all newer ones in this stack.</summary>
    public SuffixAggregate<TKey, TState>[] Front;

    /// <summary>The newer slices, in the order of their starts.</summary>
    public WindowPane<TKey, TState>[] Back;

    public int FrontCount;
    public int BackCount;

    /// <summary>The aggregate of the newer slices.</summary>
    public TState Running;

    /// <summary>Indicates whether aggregates must be rebuilt: all slices are then in <see cref="Back"/>.</summary>
    public bool IsStale;

    /// <summary>The oldest slice. There must be one.</summary>
    public readonly WindowPane<TKey, TState> Oldest => FrontCount > 0 ? Front[FrontCount - 1].Slice : Back[0];
}

/// <summary>A slice, with the aggregate of its state and those of newer slices.</summary>
internal struct SuffixAggregate<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    public WindowPane<TKey, TState> Slice;
    public TState State;
}
