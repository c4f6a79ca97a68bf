using System.Diagnostics.CodeAnalysis;

namespace Penstock;

/// <summary>
/// A map of the current key (in a window operator: of the current key and window), as keyed state: <c>[State] private partial
/// MapState&lt;string, int&gt; Countries { get; }</c>. The entries of all keys are in one table; a checkpoint saves those that have
/// changed, regardless of the size of the map.
/// </summary>
/// <remarks>
/// The map belongs to the key of the row that is being processed: do not keep it, or references to its values, after the method returns.
/// </remarks>
/// <typeparam name="TKey">
/// The keys of the map: any type that is allowed for a <see cref="KeyByAttribute"/> member, or a tuple of such types.
/// </typeparam>
/// <typeparam name="TValue">The values, which may be any type that is allowed for state.</typeparam>
public abstract class MapState<TKey, TValue>
{
    private protected MapState()
    {
    }

    /// <summary>The number of entries in the map.</summary>
    public abstract int Count { get; }

    /// <summary>The value of a key. Reading it is not a change; setting it adds the key if it is missing.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">The map does not contain the key that is read.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out var value) ? value : throw Missing(key);
        set => GetOrAdd(key) = value;
    }

    /// <summary>Returns a reference to the value of a key, for changing it. A missing key is added with the default value.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reference that is valid until the next key is added or removed.</returns>
    public abstract ref TValue GetOrAdd(TKey key);

    /// <summary>Returns a reference to the value of a key, for changing it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reference that is valid until the next key is added or removed.</returns>
    /// <exception cref="KeyNotFoundException">The map does not contain the key.</exception>
    public abstract ref TValue GetRef(TKey key);

    /// <summary>Reads the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or the default value if there is none.</param>
    /// <returns><c>true</c> if the map contains the key.</returns>
    public abstract bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Determines whether the map contains a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns><c>true</c> if the map contains the key.</returns>
    public abstract bool ContainsKey(TKey key);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns><c>true</c> if the map contained the key.</returns>
    public abstract bool Remove(TKey key);

    /// <summary>Removes all entries; takes time in proportion to their number.</summary>
    public abstract void Clear();

    /// <summary>
    /// Enumerates the entries without allocating, in the order in which they were added, but in an arbitrary order after a restart of the
    /// pipeline. During the enumeration the current entry may be removed and values may be set; entries that are added are not enumerated.
    /// </summary>
    /// <returns>The enumerator for <c>foreach</c>.</returns>
    public Enumerator GetEnumerator() => new(this);

    private protected static KeyNotFoundException Missing(TKey key) => new($"The map state has no key '{key}'.");

    private protected abstract int Begin(out TKey first);

    private protected abstract bool Read(TKey key, out TValue value, out TKey next);

    /// <summary>Enumerates the entries of a map.</summary>
    public struct Enumerator
    {
        private readonly MapState<TKey, TValue> _map;
        private TKey _next;
        private int _left;

        internal Enumerator(MapState<TKey, TValue> map)
        {
            _map = map;
            _left = map.Begin(out _next);
        }

        /// <summary>The current entry.</summary>
        public KeyValuePair<TKey, TValue> Current { get; private set; }

        /// <summary>Advances to the next entry.</summary>
        /// <returns><c>false</c> at the end.</returns>
        /// <exception cref="InvalidOperationException">An entry other than the current one was removed.</exception>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            var key = _next;
            if (!_map.Read(key, out var value, out _next))
            {
                throw new InvalidOperationException(
                    "A map state was changed while it was enumerated: only the entry that is being looked at may be removed.");
            }

            Current = new(key, value);
            return true;
        }
    }
}
