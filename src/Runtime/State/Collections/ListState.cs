namespace Penstock;

/// <summary>
/// A list of the current key (in a window operator: of the current key and window), as keyed state: <c>[State] private partial
/// ListState&lt;Visit&gt; Path { get; }</c>. The elements of all keys are in one table; a checkpoint saves those that have changed,
/// regardless of the length of the list.
/// </summary>
/// <remarks>
/// The list belongs to the key of the row that is being processed: do not keep it, or references to its elements, after the method returns.
/// </remarks>
/// <typeparam name="T">The element type, which may be any type that is allowed for state.</typeparam>
public abstract class ListState<T>
{
    private protected ListState()
    {
    }

    /// <summary>The number of elements in the list.</summary>
    public abstract int Count { get; }

    /// <summary>
    /// Returns a reference to an element, for changing it. To only read elements, use the enumerator or <see cref="Get"/>.
    /// </summary>
    /// <param name="index">The index of the element, from 0.</param>
    /// <returns>A reference that is valid until the next element is added or removed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public abstract ref T this[int index] { get; }

    /// <summary>Reads an element.</summary>
    /// <param name="index">The index of the element, from 0.</param>
    /// <returns>The element.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public abstract T Get(int index);

    /// <summary>Adds an element at the end.</summary>
    /// <param name="item">The element.</param>
    public abstract void Add(T item);

    /// <summary>Removes the last element.</summary>
    /// <returns>The element.</returns>
    /// <exception cref="InvalidOperationException">The list is empty.</exception>
    public abstract T RemoveLast();

    /// <summary>Removes all elements; takes time in proportion to their number.</summary>
    public abstract void Clear();

    /// <summary>Enumerates the elements in order, without allocating.</summary>
    /// <returns>The enumerator for <c>foreach</c>.</returns>
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

        /// <summary>The current element.</summary>
        public readonly T Current => _list.Get(_index);

        /// <summary>Advances to the next element.</summary>
        /// <returns><c>false</c> at the end.</returns>
        public bool MoveNext() => ++_index < _count;
    }
}
