using System.Diagnostics.CodeAnalysis;

namespace Penstock;

/// <summary>
/// A map of the current key (in a window operator: of the current key and window), as keyed state:
/// <c>[State] private partial MapState&lt;string, int&gt; Countries { get; }</c>. Its entries lie in one table for all keys; a checkpoint
/// saves those that have changed, however large the map is.
/// </summary>
/// <remarks>It is that of the key whose row is being processed: do not keep it, nor its references, beyond the method.</remarks>
/// <typeparam name="TKey">The keys of the map: what a <see cref="KeyByAttribute"/> member can be, or a tuple of such.</typeparam>
/// <typeparam name="TValue">The values: what a state can be.</typeparam>
public abstract class MapState<TKey, TValue>
{
    private protected MapState()
    {
    }

    /// <summary>How many entries the map has.</summary>
    public abstract int Count { get; }

    /// <summary>The value of a key. Reading it is no change; setting it adds the key if need be.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value.</returns>
    /// <exception cref="KeyNotFoundException">The map does not have the key that is read.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out var value) ? value : throw Missing(key);
        set => GetOrAdd(key) = value;
    }

    /// <summary>Gives a reference to the value of a key, to change it; the key is added with the default value if need be.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reference that is valid until the next key is added or removed.</returns>
    public abstract ref TValue GetOrAdd(TKey key);

    /// <summary>Gives a reference to the value of a key, to change it.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reference that is valid until the next key is added or removed.</returns>
    /// <exception cref="KeyNotFoundException">The map does not have the key.</exception>
    public abstract ref TValue GetRef(TKey key);

    /// <summary>Reads the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; the default one where there is none.</param>
    /// <returns>Whether the map has the key.</returns>
    public abstract bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Whether the map has a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if it has.</returns>
    public abstract bool ContainsKey(TKey key);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the map had it.</returns>
    public abstract bool Remove(TKey key);

    /// <summary>Removes every key; takes as long as the map is large.</summary>
    public abstract void Clear();

    /// <summary>
    /// Enumerates the entries, without allocating. In the order in which they were added, until the pipeline restarts; then in any other.
    /// The entry that is being looked at may be removed, and values may be set; what is added meanwhile is not seen.
    /// </summary>
    /// <returns>The enumerator of a <c>foreach</c>.</returns>
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

        /// <summary>The entry that is being looked at.</summary>
        public KeyValuePair<TKey, TValue> Current { get; private set; }

        /// <summary>Moves on.</summary>
        /// <returns>False at the end.</returns>
        /// <exception cref="InvalidOperationException">Another entry than the current one was removed.</exception>
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
