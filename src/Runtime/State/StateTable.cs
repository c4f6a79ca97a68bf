using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>Which keys a subtask owns, for tables that are restored at another parallelism.</summary>
internal readonly record struct KeyRange(int Subtask, int Parallelism, int KeyGroupCount)
{
    public bool Owns(ulong hash) =>
        Parallelism == 1 || KeyGroups.OwnerOf(KeyGroups.Of(hash, KeyGroupCount), KeyGroupCount, Parallelism) == Subtask;
}

/// <summary>The state of a keyed operator by key.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">Writes and reads the state.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class KeyedTable<TKey, TState, TStateCodec> : KeyedTable<TKey, TState>, IStatePart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    private readonly string _id;
    private readonly KeyRange _range;

    internal KeyedTable(string id, KeyRange range)
    {
        _id = id;
        _range = range;
    }

    string IStatePart.Id => _id;

    string IStatePart.Schema => $"keyed({TKey.Schema}){{{TStateCodec.Schema}}}";

    void IStatePart.Save(StateBuffer buffer) => StateTable.Save<TKey, TState, TStateCodec>(this, buffer);

    void IStatePart.Restore(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        StateTable.Restore<TKey, TState, TStateCodec>(this, ref reader, _range);
        reader.Dispose();
    }
}

/// <summary>How the entries of a table lie in a checkpoint: their number, then key and state of each.</summary>
internal static class StateTable
{
    public static void Save<TKey, TState, TStateCodec>(KeyedTable<TKey, TState> table, StateBuffer buffer)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<StateBuffer>(ref buffer, state);
        writer.WriteUnmanaged(table.Count);
        foreach (ref var entry in table)
        {
            TKey.Write(ref writer, entry.Key);
            TStateCodec.Write(ref writer, in entry.State);
        }

        writer.Flush();
    }

    public static void Restore<TKey, TState, TStateCodec>(KeyedTable<TKey, TState> table, ref MemoryPackReader reader, KeyRange range)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        reader.ReadUnmanaged(out int count);
        for (var index = 0; index < count; index++)
        {
            var key = TKey.Read(ref reader);
            TStateCodec.Read(ref reader, out var state);
            var hash = TKey.Hash(key);
            if (range.Owns(hash))
            {
                table.GetOrAdd(key, hash) = state;
            }
        }
    }
}
