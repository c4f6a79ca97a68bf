using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Formats;

/// <summary>
/// Collects the items of a list in rented memory, so that only the list itself is allocated. If no list is created, the memory is left to
/// the garbage collector.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct JsonItems<T>
{
    private T[]? _items;

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item.</summary>
    /// <param name="item">The item.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        if (_items == null || Count == _items.Length)
        {
            Grow();
        }

        _items![Count++] = item;
    }

    /// <summary>Creates an array of the items.</summary>
    /// <returns>The array.</returns>
    public T[] ToArray()
    {
        T[] items = [.. Items];
        Free();
        return items;
    }

    /// <summary>Creates a list of the items.</summary>
    /// <returns>The list.</returns>
    public List<T> ToList()
    {
        var items = new List<T>(Count);
        CollectionsMarshal.SetCount(items, Count);
        Items.CopyTo(CollectionsMarshal.AsSpan(items));
        Free();
        return items;
    }

    internal readonly ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    internal void Free()
    {
        if (_items != null)
        {
            _items.AsSpan(0, Count).Clear();
            ArrayPool<T>.Shared.Return(_items);
        }

        _items = null;
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(16, Count * 2));
        Items.CopyTo(larger);
        var count = Count;
        Free();
        (_items, Count) = (larger, count);
    }
}

/// <summary>Converts items to collections and back.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class JsonItems
{
    /// <summary>Creates a dictionary. Of duplicate keys the last one counts.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="items">Keys and values.</param>
    /// <returns>The dictionary.</returns>
    public static Dictionary<string, T> ToDictionary<T>(ref this JsonItems<KeyValuePair<string, T>> items)
    {
        var dictionary = new Dictionary<string, T>(items.Count);
        foreach (var (key, value) in items.Items)
        {
            dictionary[key] = value;
        }

        items.Free();
        return dictionary;
    }

    /// <summary>Returns the items of a collection, for iteration without an enumerator object.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The collection.</param>
    /// <returns>Its items.</returns>
    public static ReadOnlySpan<T> Of<T>(IEnumerable<T> items) => items switch
    {
        T[] array => new ReadOnlySpan<T>(array),
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => items.ToArray(),
    };

    /// <summary>Returns the entries of a dictionary, for iteration without an enumerator object.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="entries">The dictionary.</param>
    /// <returns>Its entries.</returns>
    public static Dictionary<string, T> Of<T>(IEnumerable<KeyValuePair<string, T>> entries) =>
        entries as Dictionary<string, T> ?? new Dictionary<string, T>(entries);
}
