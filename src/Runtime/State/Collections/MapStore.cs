using System.Buffers;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace Penstock.State;

/// <summary>An entry of a map, linked with its neighbors in a ring. Links are not saved, but rebuilt by a restore.</summary>
internal struct MapElement<TPart, TValue, TLife>
    where TLife : struct, ILife
{
    public TPart Next;
    public TPart Previous;
    public StateCell<TValue> Cell;
    public TLife Life;
}

/// <summary>The metadata of the map of a key.</summary>
internal struct MapHead<TPart>
{
    public TPart First;
    public int Count;
}

/// <summary>The entries of all maps, by the key of the operator and that of the map, with the first entry of each map.</summary>
internal sealed class MapStore<TKey, TPart, TValue, TLife>(
    Detach<MapElement<TPart, TValue, TLife>>? detach,
    CollectionMemory memory,
    TableSecret secret,
    Lifetime? lifetime)
    : ElementStore<OwnedKey<TKey, TPart>, MapElement<TPart, TValue, TLife>>(detach, memory.Elements, secret, lifetime), ISwept
    where TKey : struct, IKey<TKey>
    where TPart : struct, IKey<TPart>
    where TLife : struct, ILife
{
    private readonly KeyedTable<TKey, MapHead<TPart>> _heads = new(null, memory.Heads, secret);

    public MapHead<TPart> HeadOf(TKey owner, ulong hash)
    {
        ref readonly var head = ref _heads.Find(owner, hash);
        return Unsafe.IsNullRef(in head) ? default : head;
    }

    /// <summary>Adds an entry that does not exist yet.</summary>
    public ref MapElement<TPart, TValue, TLife> Add(TKey owner, ulong hash, TPart part)
    {
        ref var added = ref Elements.GetOrAdd(new(owner, part), OwnedKey<TKey, TPart>.Hash(hash, part));
        Link(ref added, owner, hash, part);
        return ref added;
    }

    /// <summary>Removes an entry.</summary>
    /// <param name="owner">The hash of the key of the operator.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="part">The key of the map.</param>
    /// <param name="isSaved">
    /// <c>true</c> if the next checkpoint must save the removal. Not needed for an expired entry, which a restore detects.
    /// </param>
    /// <returns><c>false</c> if there is no such entry.</returns>
    public bool Remove(TKey owner, ulong hash, TPart part, bool isSaved = true)
    {
        ref readonly var element = ref Find(owner, hash, part);
        if (Unsafe.IsNullRef(in element))
        {
            return false;
        }

        ref var head = ref _heads.GetOrAdd(owner, hash);
        if (--head.Count == 0)
        {
            _heads.Remove(owner, hash, isSaved: false);
        }
        else
        {
            if (TPart.Equals(head.First, part))
            {
                head.First = element.Next;
            }

            Find(owner, hash, element.Previous).Next = element.Next;
            Find(owner, hash, element.Next).Previous = element.Previous;
        }

        return Elements.Remove(new(owner, part), OwnedKey<TKey, TPart>.Hash(hash, part), isSaved);
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
            Link(ref entry.State, entry.Key.Owner, TKey.Hash(entry.Key.Owner, Secret), entry.Key.Part);
        }

        Lifetime?.Restored(this);
    }

    public void Start()
    {
        foreach (ref var entry in Elements)
        {
            entry.State.Life.Expires = Lifetime!.Started(entry.State.Life.Expires);
        }
    }

    public void Sweep()
    {
        var sweeper = new Sweeper(this);
        Elements.Sweep(ref sweeper);
    }

    public void SweepAll()
    {
        var sweeper = new Sweeper(this);
        Elements.SweepAll(ref sweeper);
    }

    // In the ring, the last entry precedes the first.
    private void Link(ref MapElement<TPart, TValue, TLife> element, TKey owner, ulong hash, TPart part)
    {
        ref var head = ref _heads.GetOrAdd(owner, hash);
        if (head.Count++ == 0)
        {
            head.First = part;
            element.Next = part;
            element.Previous = part;
            return;
        }

        ref var first = ref Find(owner, hash, head.First);
        element.Next = head.First;
        element.Previous = first.Previous;
        Find(owner, hash, first.Previous).Next = part;
        first.Previous = part;
    }

    // For changing links, which are not saved.
    private ref MapElement<TPart, TValue, TLife> Find(TKey owner, ulong hash, TPart part) =>
        ref Elements.FindToChange(new(owner, part), OwnedKey<TKey, TPart>.Hash(hash, part), isSaved: false);

    private readonly struct Sweeper(
        MapStore<TKey, TPart, TValue, TLife> store) : ISweeper<OwnedKey<TKey, TPart>, MapElement<TPart, TValue, TLife>>
    {
        public bool IsExpired(in KeyedEntry<OwnedKey<TKey, TPart>, MapElement<TPart, TValue, TLife>> entry) =>
            entry.State.Life.Expires <= store.Lifetime!.Past;

        public void Remove(OwnedKey<TKey, TPart> key) =>
            store.Remove(key.Owner, TKey.Hash(key.Owner, store.Secret), key.Part, isSaved: false);
    }
}

/// <summary>Serializes the value of a map entry with its deadline.</summary>
internal readonly struct MapElementCodec<TPart, TValue, TLife, TCodec> : IStateCodec<MapElement<TPart, TValue, TLife>>
    where TLife : struct, ILife
    where TCodec : struct, IStateCodec<StateCell<TValue>>
{
    public static string Schema => ElementLife<TLife>.Schema(TCodec.Schema);

    public static string? AcceptedSchema => TCodec.AcceptedSchema is { } accepts ? ElementLife<TLife>.Schema(accepts) : null;

    public static bool HasSharedParts => TCodec.HasSharedParts;

    public static MapElement<TPart, TValue, TLife> Detach(in MapElement<TPart, TValue, TLife> state)
    {
        var copy = state;
        copy.Cell = TCodec.Detach(in state.Cell);
        return copy;
    }

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in MapElement<TPart, TValue, TLife> state)
        where TBuffer : class, IBufferWriter<byte>
    {
        ElementLife<TLife>.Write(ref writer, state.Life);
        TCodec.Write(ref writer, in state.Cell);
    }

    public static void Read(ref MemoryPackReader reader, out MapElement<TPart, TValue, TLife> state)
    {
        state = default;
        ElementLife<TLife>.Read(ref reader, ref state.Life);
        TCodec.Read(ref reader, out state.Cell);
    }

    public static void Upgrade<TBuffer>(int upgrade, ref MemoryPackReader reader, ref MemoryPackWriter<TBuffer> writer)
        where TBuffer : class, IBufferWriter<byte> => TCodec.Upgrade(upgrade, ref reader, ref writer);
}
