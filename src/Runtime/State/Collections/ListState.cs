namespace Penstock;

/// <summary>
/// A list of the current key (in a window operator: of the current key and window), as keyed state:
/// <c>[State] private partial ListState&lt;Visit&gt; Path { get; }</c>. Its elements lie in one table for all keys; a checkpoint saves
/// those that have changed, however long the list is.
/// </summary>
/// <remarks>It is that of the key whose row is being processed: do not keep it, nor its references, beyond the method.</remarks>
/// <typeparam name="T">The elements: what a state can be.</typeparam>
public abstract class ListState<T>
{
    private protected ListState()
    {
    }

    /// <summary>How many elements the list has.</summary>
    public abstract int Count { get; }

    /// <summary>An element, to change it; use the enumerator or <see cref="Get"/> where it is only read.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <returns>A reference that is valid until the next element is added or removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such place.</exception>
    public abstract ref T this[int index] { get; }

    /// <summary>Reads an element.</summary>
    /// <param name="index">Its place, from 0.</param>
    /// <returns>The element.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The list has no such place.</exception>
    public abstract T Get(int index);

    /// <summary>Adds an element at the end.</summary>
    /// <param name="item">The element.</param>
    public abstract void Add(T item);

    /// <summary>Takes the last element off.</summary>
    /// <returns>The element.</returns>
    /// <exception cref="InvalidOperationException">The list is empty.</exception>
    public abstract T RemoveLast();

    /// <summary>Removes every element; takes as long as the list is.</summary>
    public abstract void Clear();

    /// <summary>Enumerates the elements in their order, without allocating.</summary>
    /// <returns>The enumerator of a <c>foreach</c>.</returns>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Enumerates the elements of a list.</summary>
    public struct Enumerator
    {
        private readonly ListState<T> _list;
        private readonly int _count;
        private int _index = -1;

        internal Enumerator(ListState<T> list)
        {
            _list = list;
            _count = list.Count;
        }

        /// <summary>The element that is being looked at.</summary>
        public readonly T Current => _list.Get(_index);

        /// <summary>Moves on.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext() => ++_index < _count;
    }
}
