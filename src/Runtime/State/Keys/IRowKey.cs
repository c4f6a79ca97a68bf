using System.ComponentModel;

namespace Penstock.State;

/// <summary>A key that is read from rows. Implemented by generated structs.</summary>
/// <typeparam name="TKey">The implementing struct.</typeparam>
/// <typeparam name="TRow">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowKey<TKey, TRow> : IKey<TKey>
    where TKey : struct, IRowKey<TKey, TRow>
{
    /// <summary>Returns the key of a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Its key.</returns>
    static abstract TKey Of(in TRow row);
}
