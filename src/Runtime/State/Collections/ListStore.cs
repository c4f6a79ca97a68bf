using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>The elements of lists, by the key of the operator and their place, and how long each list is.</summary>
internal sealed class ListStore<TKey, TValue>(Detach<Held<TValue>>? detach, CollectionMemory memory)
    : ElementStore<OwnedKey<TKey, ListIndex>, Held<TValue>>(detach, memory.Elements)
    where TKey : struct, IKey<TKey>
{
    private readonly KeyedTable<TKey, ListHead> _heads = new(null, memory.Heads);

    public int CountOf(TKey owner, ulong hash)
    {
        ref readonly var head = ref _heads.Find(owner, hash);
        return Unsafe.IsNullRef(in head) ? 0 : head.Count;
    }

    public ref Held<TValue> Add(TKey owner, ulong hash) => ref Find(owner, hash, _heads.GetOrAdd(owner, hash).Count++);

    /// <summary>Finds an element to change it, or adds it.</summary>
    public ref Held<TValue> Find(TKey owner, ulong hash, int index) =>
        ref Elements.GetOrAdd(new(owner, new(index)), OwnedKey<TKey, ListIndex>.Hash(hash, new(index)));

    /// <summary>Finds an element that is there, to read it.</summary>
    public ref readonly Held<TValue> FindToRead(TKey owner, ulong hash, int index) =>
        ref Elements.Find(new(owner, new(index)), OwnedKey<TKey, ListIndex>.Hash(hash, new(index)));

    /// <summary>Removes the last element of a list that is not empty.</summary>
    public void RemoveLast(TKey owner, ulong hash)
    {
        ref var head = ref _heads.GetOrAdd(owner, hash);
        var last = new ListIndex(--head.Count);
        if (head.Count == 0)
        {
            _heads.Remove(owner, hash, isSaved: false);
        }

        Elements.Remove(new(owner, last), OwnedKey<TKey, ListIndex>.Hash(hash, last));
    }

    public override void Clear()
    {
        Elements.Clear();
        _heads.Clear();
    }

    public override void Drop()
    {
        Elements.Drop();
        _heads.Drop();
    }

    public override void Link()
    {
        _heads.Clear();
        foreach (ref var entry in Elements)
        {
            _heads.GetOrAdd(entry.Key.Owner, TKey.Hash(entry.Key.Owner)).Count++;
        }
    }

    private struct ListHead
    {
        public int Count;
    }
}

/// <summary>The list state of an operator: that of the key which its scope has entered.</summary>
internal sealed class ListTable<TKey, TValue, TCodec>(KeyScope<TKey> scope, ListStore<TKey, TValue> store) : ListState<TValue>, IScopedCollection
    where TKey : struct, IKey<TKey>
    where TCodec : struct, IStateCodec<Held<TValue>>
{
    private ListStore<TKey, TValue> _store = store;

    public override int Count => _store.CountOf(scope.Key, scope.Hash);

    public override ref TValue this[int index] => ref _store.Find(scope.Key, scope.Hash, Checked(index)).Value;

    public override TValue Get(int index) => TCodec.HasSharedParts
        ? this[index]
        : _store.FindToRead(scope.Key, scope.Hash, Checked(index)).Value;

    public override void Add(TValue item) => _store.Add(scope.Key, scope.Hash).Value = item;

    public override TValue RemoveLast()
    {
        var count = Count;
        if (count == 0)
        {
            throw new InvalidOperationException("A list state that is empty has no last element: look at Count first.");
        }

        var last = _store.FindToRead(scope.Key, scope.Hash, count - 1).Value;
        _store.RemoveLast(scope.Key, scope.Hash);
        return last;
    }

    public override void Clear()
    {
        for (var left = Count; left > 0; left--)
        {
            _store.RemoveLast(scope.Key, scope.Hash);
        }
    }

    public void Use(ElementStore store) => _store = (ListStore<TKey, TValue>)store;

    private int Checked(int index)
    {
        var count = Count;
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The list state has {count} elements.");
        }

        return index;
    }
}
