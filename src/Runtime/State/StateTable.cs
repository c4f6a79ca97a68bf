using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using MemoryPack;
using Penstock.Time;

namespace Penstock.State;

/// <summary>The state of a keyed operator, by key.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class KeyedTable<TKey, TState, TStateCodec> : KeyedTable<TKey, TState>, IStatePart, ISwept
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    private readonly string _id;
    private readonly KeyRange _range;
    private readonly StateClock? _clock;

    internal KeyedTable(string id, KeyRange range, StateMemory memory, TableSecret secret, StateClock? clock)
        : base(TStateCodec.HasSharedParts ? TStateCodec.Detach : null, memory, secret)
    {
        _id = id;
        _range = range;
        _clock = clock;
        clock?.Register(this, Deadline.Of<TState, TStateCodec>(id));
    }

    string IStatePart.Id => _id;

    string IStatePart.Schema => SchemaOf(TStateCodec.Schema);

    KeyGroupRange? IStatePart.KeyGroups => _range.Groups;

    string IStatePart.AcceptedSchema => SchemaOf(TStateCodec.AcceptedSchema ?? TStateCodec.Schema);

    IFrozenPart IStatePart.Freeze(bool all) => new FrozenTable<TKey, TState, TStateCodec>(Freeze(all), Memory!);

    void IStatePart.Forget() => Clear();

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        using var states = new SavedStates<TState, TStateCodec>(schema, this);
        foreach (var bytes in saved)
        {
            using var state = MemoryPackReaderOptionalStatePool.Rent(null);
            var reader = new MemoryPackReader(bytes, state);
            StateTable.Restore(this, states, ref reader, _range, writer);
            reader.Dispose();
        }
    }

    void IStatePart.Restored() => _clock?.Restored(this);

    void ISwept.Start()
    {
        if (TStateCodec.HasTtl)
        {
            foreach (ref var entry in this)
            {
                TStateCodec.StartTtl(ref entry.State, _clock!.Written, _clock.ProcessingNow);
            }
        }
    }

    void ISwept.Sweep()
    {
        if (TStateCodec.CanExpire)
        {
            var sweeper = new Sweeper(this);
            Sweep(ref sweeper);
        }
    }

    void ISwept.SweepAll()
    {
        if (TStateCodec.CanExpire)
        {
            var sweeper = new Sweeper(this);
            SweepAll(ref sweeper);
        }
    }

    // A checkpoint does not save that an entry has expired, because a restore detects it.
    private readonly struct Sweeper(KeyedTable<TKey, TState, TStateCodec> table) : ISweeper<TKey, TState>
    {
        public bool IsExpired(in KeyedEntry<TKey, TState> entry) =>
            TStateCodec.IsExpired(in entry.State, table._clock!.Past, table._clock.ProcessingNow);

        public void Remove(TKey key) => table.Remove(key, TKey.Hash(key, table.Secret), isSaved: false);
    }

    private static string SchemaOf(string fields) => $"keyed({TKey.Schema}){{{fields}}}";
}

/// <summary>A frozen table with its codec.</summary>
internal sealed class FrozenTable<TKey, TState, TStateCodec>(TableFreeze<TKey, TState> freeze, StateMemory memory) : IFrozenPart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public void Write(StateStream stream)
    {
        var room = FreezeRoom<TKey, TState>.Rent();
        StateTable.Write<TKey, TState, TStateCodec>(freeze, stream, room, memory);
        room.Return();
    }

    public void End() => freeze.End();
}

/// <summary>
/// The format of entries in a checkpoint: the number of keys in the table, then blocks, each with a count and as many keys with their
/// states; an empty block ends them. Blocks with a negative count come first: the keys that were removed.
/// </summary>
internal static class StateTable
{
    public static void Write<TKey, TState, TStateCodec>(
        TableFreeze<TKey, TState> freeze,
        StateStream stream,
        FreezeRoom<TKey, TState> room,
        StateMemory memory)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        stream.Write(freeze.Count, static (ref writer, count) => writer.WriteUnmanaged(count));
        var blocks = new BlockWriter<TKey, TState, TStateCodec>(stream);
        var before = stream.Length;
        var removed = new RemovedWriter<TKey>(stream);
        freeze.ReadRemoved(ref removed);
        freeze.Read(ref blocks, room);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<KeyedEntry<TKey, TState>>())
        {
            memory.Sample(stream.Length - before, blocks.Entries, freeze.Count);
        }

        BlockWriter<TKey, TState, TStateCodec>.Write(stream, []);
    }

    /// <summary>Writes a table without entries.</summary>
    public static void WriteEmpty(StateStream stream) => stream.Write(0, static (ref writer, none) => writer.WriteUnmanaged(none, none));

    public static void Restore<TKey, TState, TStateCodec>(
        KeyedTable<TKey, TState>? table,
        SavedStates<TState, TStateCodec> states,
        ref MemoryPackReader reader,
        KeyRange range,
        KeyRange writer)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var zeros = table != null && writer.HasSignedZeros && SignedZeros<TKey>.CanOccur ? table.Zeros ??= new SignedZeros<TKey>() : null;
        var keys = reader.ReadUnmanaged<int>();
        table?.Expect(keys, (int)((long)keys * range.SharedWith(writer) / writer.Size));
        while (reader.ReadUnmanaged<int>() is not 0 and var count)
        {
            for (; count < 0; count++)
            {
                var removed = TKey.Read(ref reader);
                if (zeros?.Remove(removed) != false)
                {
                    table?.Remove(removed, TKey.Hash(removed, table.Secret), isSaved: false);
                }
            }

            if (BlittableEntries<TKey, TState, TStateCodec>.ArePlain && states.AreUnchanged)
            {
                foreach (ref readonly var entry in BlittableEntries<TKey, TState, TStateCodec>.Read(ref reader, count))
                {
                    if (table != null && range.Owns(entry.Key))
                    {
                        PlaceOf(table, entry.Key, zeros) = entry.State;
                    }
                }

                continue;
            }

            for (var index = 0; index < count; index++)
            {
                var key = TKey.Read(ref reader);
                states.Read(ref reader, out var state);
                if (TStateCodec.HasTtl && !states.AreUnchanged)
                {
                    TStateCodec.StartTtl(ref state, Watermarks.None, Watermarks.None);
                }

                if (table != null && range.Owns(key))
                {
                    PlaceOf(table, key, zeros) = state;
                }
            }
        }
    }

    private static ref TState PlaceOf<TKey, TState>(KeyedTable<TKey, TState> table, TKey key, SignedZeros<TKey>? zeros)
        where TKey : struct, IKey<TKey>
        where TState : struct
    {
        var count = table.Count;
        ref var place = ref table.GetOrAdd(key, TKey.Hash(key, table.Secret));
        zeros?.Add(key, isKnown: table.Count == count);
        return ref place;
    }

    private readonly struct RemovedWriter<TKey>(StateStream stream) : IImageVisitor<TKey>
        where TKey : struct, IKey<TKey>
    {
        public void Visit(ReadOnlySpan<TKey> images) =>
            stream.Write(images, static (ref writer, keys) =>
            {
                writer.WriteUnmanaged(-keys.Length);
                foreach (ref readonly var key in keys)
                {
                    TKey.Write(ref writer, key);
                }
            });
    }

    private struct BlockWriter<TKey, TState, TStateCodec>(StateStream stream) : IEntryVisitor<TKey, TState>
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        public long Entries { get; private set; }

        public void Visit(ReadOnlySpan<KeyedEntry<TKey, TState>> entries)
        {
            Entries += entries.Length;
            if (!entries.IsEmpty)
            {
                Write(stream, entries);
            }
        }

        public static void Write(StateStream stream, ReadOnlySpan<KeyedEntry<TKey, TState>> entries) =>
            stream.Write(entries, static (ref writer, entries) =>
            {
                writer.WriteUnmanaged(entries.Length);
                if (BlittableEntries<TKey, TState, TStateCodec>.ArePlain)
                {
                    BlittableEntries<TKey, TState, TStateCodec>.Write(ref writer, entries);
                    return;
                }

                foreach (ref readonly var entry in entries)
                {
                    TKey.Write(ref writer, entry.Key);
                    TStateCodec.Write(ref writer, in entry.State);
                }
            });
    }
}
