namespace Penstock.State;

/// <summary>An entry of <see cref="OrderedEntries{TEntry}"/>.</summary>
/// <typeparam name="TSelf">The implementing struct.</typeparam>
internal interface IOrdered<TSelf>
    where TSelf : struct, IOrdered<TSelf>
{
    /// <summary>Compares the places of two entries.</summary>
    /// <returns>Less than 0 if <paramref name="left"/> comes first, 0 if the places are equal, more than 0 otherwise.</returns>
    static abstract int Compare(in TSelf left, in TSelf right);
}
