namespace Penstock.State;

/// <summary>The windows of an operator, as used by its collection states.</summary>
internal interface IWindowSet
{
    /// <summary>The size and offset of windows, as named in checkpoints.</summary>
    string Grid { get; }

    /// <summary>The open windows: their starts, and their stores.</summary>
    IEnumerable<(long Start, PaneStores Stores)> Open { get; }

    /// <summary>Adds a store to each new window.</summary>
    /// <param name="create">Creates it.</param>
    /// <returns>The index of the store among those of a window.</returns>
    int Add(Func<ElementStore> create);
}
