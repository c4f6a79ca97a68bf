namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>Applies changes one after the other, as a reader of a changelog does.</summary>
internal static class Changes
{
    public static IEnumerable<T> Apply<T, TKey>(IEnumerable<Change<T>> changes, Func<T, TKey> key)
        where TKey : notnull
    {
        var rows = new Dictionary<TKey, T>();
        foreach (var (kind, row) in changes)
        {
            if (kind == RowKind.Delete)
            {
                rows.Remove(key(row));
            }
            else
            {
                rows[key(row)] = row;
            }
        }

        return rows.Values;
    }
}
