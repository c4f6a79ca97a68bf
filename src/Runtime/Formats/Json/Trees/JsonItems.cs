using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Formats;

/// <summary>
/// Gathers the items of a list in rented memory, so that the list itself is all that is allocated. What is not made a list of is left to
/// the garbage collector.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct JsonItems<T>
{
    private T[]? _items;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one.</summary>
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

    /// <summary>Makes an array of them.</summary>
    /// <returns>The array.</returns>
    public T[] ToArray()
    {
        T[] items = [.. Items];
        Free();
        return items;
    }

    /// <summary>Makes a list of them.</summary>
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

/// <summary>From items to collections, and back.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class JsonItems
{
    /// <summary>Makes a dictionary. Of two values with one key the last one counts.</summary>
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

    /// <summary>The items of a collection, to go through without an enumerator.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The collection.</param>
    /// <returns>Its items.</returns>
    public static ReadOnlySpan<T> Of<T>(IEnumerable<T> items) => items switch
    {
        T[] array => new ReadOnlySpan<T>(array),
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => items.ToArray(),
    };

    /// <summary>The entries of a dictionary, to go through without an enumerator of its interface.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="entries">The dictionary.</param>
    /// <returns>Its entries.</returns>
    public static Dictionary<string, T> Of<T>(IEnumerable<KeyValuePair<string, T>> entries) =>
        entries as Dictionary<string, T> ?? new Dictionary<string, T>(entries);
}
