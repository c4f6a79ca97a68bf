namespace Penstock.State;

/// <summary>The windows of an operator, as its collection states see them.</summary>
internal interface IWindowSet
{
    /// <summary>Size and offset, as a checkpoint names them.</summary>
    string Grid { get; }

    /// <summary>The open windows: their first instants, and their stores.</summary>
    IEnumerable<(long Start, PaneStores Stores)> Open { get; }

    /// <summary>Gives each window to come a store.</summary>
    /// <param name="create">Creates it.</param>
    /// <returns>The place of the store among those of a window.</returns>
    int Add(Func<ElementStore> create);
}
