using System.Buffers;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace Penstock.State;

/// <summary>
/// An element of a list. A list expires as a whole, at the latest deadline of its elements, which the last element or one that was changed
/// later has.
/// </summary>
internal struct ListElement<TValue, TLife>
    where TLife : struct, ILife
{
    public StateCell<TValue> Cell;
    public TLife Life;
}

/// <summary>The metadata of the list of a key.</summary>
internal struct ListHead<TLife>
    where TLife : struct, ILife
{
    public int Count;
    public TLife Life;
}

/// <summary>The elements of all lists, by the key of the operator and the index, with the length of each list.</summary>
internal sealed class ListStore<TKey, TValue, TLife>(
    Detach<ListElement<TValue, TLife>>? detach,
    CollectionMemory memory,
    TableSecret secret,
    Lifetime? lifetime)
    : ElementStore<OwnedKey<TKey, ListIndex>, ListElement<TValue, TLife>>(detach, memory.Elements, secret, lifetime), ISwept
    where TKey : struct, IKey<TKey>
    where TLife : struct, ILife
{
    private readonly KeyedTable<TKey, ListHead<TLife>> _heads = new(null, memory.Heads, secret);

    // The number of elements that this sweep may still remove.
    private int _left;

    public ListHead<TLife> HeadOf(TKey owner, ulong hash)
    {
        ref readonly var head = ref _heads.Find(owner, hash);
        return Unsafe.IsNullRef(in head) ? default : head;
    }

    public ref ListElement<TValue, TLife> Add(TKey owner, ulong hash) => ref Find(owner, hash, _heads.GetOrAdd(owner, hash).Count++);

    /// <summary>Finds or adds an element, for changing it.</summary>
    public ref ListElement<TValue, TLife> Find(TKey owner, ulong hash, int index) =>
        ref Elements.GetOrAdd(new(owner, new(index)), OwnedKey<TKey, ListIndex>.Hash(hash, new(index)));

    /// <summary>Finds an existing element, for reading it.</summary>
    public ref readonly ListElement<TValue, TLife> FindToRead(TKey owner, ulong hash, int index) =>
        ref Elements.Find(new(owner, new(index)), OwnedKey<TKey, ListIndex>.Hash(hash, new(index)));

    /// <summary>Renews the deadline of the list of a key, in the element that has it.</summary>
    public void Renew(TKey owner, ulong hash, ref ListElement<TValue, TLife> element, long expires)
    {
        _heads.GetOrAdd(owner, hash).Life.Expires = expires;
        element.Life.Expires = expires;
    }

    /// <summary>Removes the last element of a non-empty list.</summary>
    public void RemoveLast(TKey owner, ulong hash)
    {
        ref var head = ref _heads.GetOrAdd(owner, hash);
        var last = new ListIndex(--head.Count);
        if (head.Count == 0)
        {
            _heads.Remove(owner, hash, isSaved: false);
        }

        // Elements added later may live long, so the removal of these must be saved even if they have expired.
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
        CountElements();
        Lifetime?.Restored(this);
    }

    public void Start()
    {
        foreach (ref var entry in Elements)
        {
            entry.State.Life.Expires = Lifetime!.Started(entry.State.Life.Expires);
        }

        CountElements();
    }

    public void Sweep()
    {
        _left = Elements.SlotsToSweep();
        var sweeper = new Sweeper(this);
        _heads.Sweep(ref sweeper);
    }

    public void SweepAll()
    {
        _left = int.MaxValue;
        var sweeper = new Sweeper(this);
        _heads.SweepAll(ref sweeper);
        Elements.SkipAdded();
    }

    private void CountElements()
    {
        _heads.Clear();
        foreach (ref var entry in Elements)
        {
            ref var head = ref _heads.GetOrAdd(entry.Key.Owner, TKey.Hash(entry.Key.Owner, Secret));
            var expires = entry.State.Life.Expires;
            head.Life.Expires = head.Count++ == 0 ? expires : Math.Max(head.Life.Expires, expires);
        }

        // The heads are rebuilt from elements that existed before.
        _heads.SkipAdded();
    }

    private readonly struct Sweeper(ListStore<TKey, TValue, TLife> store) : ISweeper<TKey, ListHead<TLife>>
    {
        public bool IsExpired(in KeyedEntry<TKey, ListHead<TLife>> entry) => entry.State.Life.Expires <= store.Lifetime!.Past;

        // A long list is removed in pieces; its remaining elements have expired and are not visible.
        public void Remove(TKey key)
        {
            var hash = TKey.Hash(key, store.Secret);
            for (var left = store.HeadOf(key, hash).Count; left > 0 && store._left > 0; left--, store._left--)
            {
                store.RemoveLast(key, hash);
            }
        }
    }
}

/// <summary>Serializes an element of a list with its deadline.</summary>
internal readonly struct ListElementCodec<TValue, TLife, TCodec> : IStateCodec<ListElement<TValue, TLife>>
    where TLife : struct, ILife
    where TCodec : struct, IStateCodec<StateCell<TValue>>
{
    public static string Schema => ElementLife<TLife>.Schema(TCodec.Schema);

    public static string? AcceptedSchema => TCodec.AcceptedSchema is { } accepts ? ElementLife<TLife>.Schema(accepts) : null;

    public static bool HasSharedParts => TCodec.HasSharedParts;

    public static ListElement<TValue, TLife> Detach(in ListElement<TValue, TLife> state)
    {
        var copy = state;
        copy.Cell = TCodec.Detach(in state.Cell);
        return copy;
    }

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in ListElement<TValue, TLife> state)
        where TBuffer : class, IBufferWriter<byte>
    {
        ElementLife<TLife>.Write(ref writer, state.Life);
        TCodec.Write(ref writer, in state.Cell);
    }

    public static void Read(ref MemoryPackReader reader, out ListElement<TValue, TLife> state)
    {
        state = default;
        ElementLife<TLife>.Read(ref reader, ref state.Life);
        TCodec.Read(ref reader, out state.Cell);
    }

    public static void Upgrade<TBuffer>(int upgrade, ref MemoryPackReader reader, ref MemoryPackWriter<TBuffer> writer)
        where TBuffer : class, IBufferWriter<byte> => TCodec.Upgrade(upgrade, ref reader, ref writer);
}
