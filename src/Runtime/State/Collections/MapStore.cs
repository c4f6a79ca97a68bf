using System.Buffers;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace Penstock.State;

/// <summary>An entry of a map, linked with those beside it in a ring. Links are not saved: they are found again at a restore.</summary>
internal struct MapElement<TPart, TValue>
{
    public TPart Next;
    public TPart Previous;
    public Held<TValue> Held;
}

/// <summary>What is known of the map of a key.</summary>
internal struct MapHead<TPart>
{
    public TPart First;
    public int Count;
}

/// <summary>The entries of maps, by the key of the operator and that of the map, and where each map begins.</summary>
internal sealed class MapStore<TKey, TPart, TValue>(Detach<MapElement<TPart, TValue>>? detach, CollectionMemory memory)
    : ElementStore<OwnedKey<TKey, TPart>, MapElement<TPart, TValue>>(detach, memory.Elements)
    where TKey : struct, IKey<TKey>
    where TPart : struct, IKey<TPart>
{
    private readonly KeyedTable<TKey, MapHead<TPart>> _heads = new(null, memory.Heads);

    public MapHead<TPart> HeadOf(TKey owner, ulong hash)
    {
        ref readonly var head = ref _heads.Find(owner, hash);
        return Unsafe.IsNullRef(in head) ? default : head;
    }

    /// <summary>Adds an entry that is not there yet.</summary>
    public ref MapElement<TPart, TValue> Add(TKey owner, ulong hash, TPart part)
    {
        ref var added = ref Elements.GetOrAdd(new(owner, part), OwnedKey<TKey, TPart>.Hash(hash, part));
        Link(ref added, owner, hash, part);
        return ref added;
    }

    /// <summary>Removes an entry.</summary>
    /// <returns>False where there is none.</returns>
    public bool Remove(TKey owner, ulong hash, TPart part)
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

        return Elements.Remove(new(owner, part), OwnedKey<TKey, TPart>.Hash(hash, part));
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
            Link(ref entry.State, entry.Key.Owner, TKey.Hash(entry.Key.Owner), entry.Key.Part);
        }
    }

    // The last one is the one before the first.
    private void Link(ref MapElement<TPart, TValue> element, TKey owner, ulong hash, TPart part)
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

    // To change links, which are not saved.
    private ref MapElement<TPart, TValue> Find(TKey owner, ulong hash, TPart part) =>
        ref Elements.FindToChange(new(owner, part), OwnedKey<TKey, TPart>.Hash(hash, part), isSaved: false);
}

/// <summary>Writes the value of a map's entry.</summary>
internal readonly struct MapElementCodec<TPart, TValue, TCodec> : IStateCodec<MapElement<TPart, TValue>>
    where TCodec : struct, IStateCodec<Held<TValue>>
{
    public static string Schema => TCodec.Schema;

    public static string? Accepts => TCodec.Accepts;

    public static bool HasSharedParts => TCodec.HasSharedParts;

    public static MapElement<TPart, TValue> Detach(in MapElement<TPart, TValue> state)
    {
        var copy = state;
        copy.Held = TCodec.Detach(in state.Held);
        return copy;
    }

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in MapElement<TPart, TValue> state)
        where TBuffer : class, IBufferWriter<byte> => TCodec.Write(ref writer, in state.Held);

    public static void Read(ref MemoryPackReader reader, out MapElement<TPart, TValue> state)
    {
        state = default;
        TCodec.Read(ref reader, out state.Held);
    }

    public static void Upgrade<TBuffer>(int upgrade, ref MemoryPackReader reader, ref MemoryPackWriter<TBuffer> writer)
        where TBuffer : class, IBufferWriter<byte> => TCodec.Upgrade(upgrade, ref reader, ref writer);
}
