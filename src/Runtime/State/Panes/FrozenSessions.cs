using System.Buffers;
using MemoryPack;

namespace Penstock.State;

/// <summary>What precedes sessions in a checkpoint.</summary>
/// <param name="Reached">The watermark.</param>
/// <param name="Lateness">The allowed lateness.</param>
/// <param name="Closed">The time up to which sessions are closed, also if the allowed lateness is longer after a restart.</param>
/// <param name="Removed">
/// The last session whose allowed lateness had passed: that time, and the key; null if there was none. Such sessions are removed in this
/// order, so a restore detects them in earlier checkpoints of the chain, and their removal need not be saved.
/// </param>
internal readonly record struct SessionsHeader<TKey>(long Reached, long Lateness, long Closed, (long Due, TKey Key)? Removed)
    where TKey : struct, IKey<TKey>
{
    /// <summary>Determines whether a session had been removed because its allowed lateness had passed.</summary>
    public bool HasRemoved(TKey key, long end) => Removed is { } last
        && (end + Lateness < last.Due || (end + Lateness == last.Due && TKey.Compare(key, last.Key) <= 0));
}

/// <summary>The sessions of an operator as of a barrier.</summary>
/// <param name="header">The header.</param>
/// <param name="newest">The newest session of each key.</param>
/// <param name="older">The other sessions.</param>
/// <param name="memory">The memory account of both.</param>
internal sealed class FrozenSessions<TKey, TState, TStateCodec>(
    SessionsHeader<TKey> header,
    TableFreeze<TKey, Session<TState>> newest,
    TableFreeze<OwnedKey<TKey, SessionStart>, Session<TState>> older,
    StateMemory memory) : IFrozenPart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public void Write(StateStream stream)
    {
        FrozenSessions.WriteHeader(stream, in header);
        Write(stream, newest);
        Write(stream, older);
    }

    public void End()
    {
        newest.End();
        older.End();
    }

    private void Write<TEntryKey>(StateStream stream, TableFreeze<TEntryKey, Session<TState>> table)
        where TEntryKey : struct, IKey<TEntryKey>
    {
        var room = FreezeRoom<TEntryKey, Session<TState>>.Rent();
        StateTable.Write<TEntryKey, Session<TState>, SessionCodec<TState, TStateCodec>>(table, stream, room, memory);
        table.End();
        room.Return();
    }
}

/// <summary>
/// The format of sessions in a checkpoint: the header; then a table with the newest session of each key, and one with the other sessions by
/// key and start, each with all entries or those that changed.
/// </summary>
internal static class FrozenSessions
{
    public static void WriteHeader<TKey>(StateStream stream, in SessionsHeader<TKey> header)
        where TKey : struct, IKey<TKey> =>
        stream.Write(header, static (ref writer, header) =>
        {
            writer.WriteUnmanaged(header.Reached, header.Lateness, header.Closed, header.Removed != null);
            if (header.Removed is { } removed)
            {
                writer.WriteUnmanaged(removed.Due);
                TKey.Write(ref writer, removed.Key);
            }
        });

    public static SessionsHeader<TKey> ReadHeader<TKey>(in ReadOnlySequence<byte> saved)
        where TKey : struct, IKey<TKey>
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var header = ReadHeader<TKey>(ref reader);
        reader.Dispose();
        return header;
    }

    public static void ReadEntries<TKey, TState, TStateCodec>(
        in ReadOnlySequence<byte> saved,
        SessionsHeader<TKey> last,
        SavedStates<TState, TStateCodec> states,
        KeyedTable<TKey, Session<TState>> newest,
        KeyedTable<OwnedKey<TKey, SessionStart>, Session<TState>> older,
        KeyRange range,
        KeyRange writer)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        ReadHeader<TKey>(ref reader);
        var (reading, readingOlder) = (new Newest<TKey>(last), new Older<TKey>(last));
        Read(newest, states, ref reader, range, writer, in reading);
        Read(older, states, ref reader, range, writer, in readingOlder);
        reader.Dispose();
    }

    private static SessionsHeader<TKey> ReadHeader<TKey>(ref MemoryPackReader reader)
        where TKey : struct, IKey<TKey>
    {
        reader.ReadUnmanaged(out long reached, out long lateness, out long closed, out bool hasRemoved);
        return new SessionsHeader<TKey>(
            reached,
            lateness,
            closed,
            hasRemoved ? (reader.ReadUnmanaged<long>(), TKey.Read(ref reader)) : null);
    }

    // As StateTable.Restore reads entries, but only the state inside a session may have another schema.
    private static void Read<TEntryKey, TState, TStateCodec, TRemoved>(
        KeyedTable<TEntryKey, Session<TState>> table,
        SavedStates<TState, TStateCodec> states,
        ref MemoryPackReader reader,
        KeyRange range,
        KeyRange writer,
        in TRemoved removals)
        where TEntryKey : struct, IKey<TEntryKey>
        where TRemoved : struct, IRemovals<TEntryKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        var keys = reader.ReadUnmanaged<int>();
        table.Expect(keys, (int)((long)keys * range.SharedWith(writer) / writer.Size));
        while (reader.ReadUnmanaged<int>() is not 0 and var count)
        {
            for (; count < 0; count++)
            {
                var removed = TEntryKey.Read(ref reader);
                table.Remove(removed, TEntryKey.Hash(removed, table.Secret), isSaved: false);
            }

            for (; count > 0; count--)
            {
                var key = TEntryKey.Read(ref reader);
                var session = SessionCodec<TState, TStateCodec>.ReadBounds(ref reader);
                states.Read(ref reader, out session.State);
                if (range.Owns(key) && !removals.HasRemoved(key, session.End))
                {
                    table.GetOrAdd(key, TEntryKey.Hash(key, table.Secret)) = session;
                }
            }
        }
    }

    private interface IRemovals<TEntryKey>
    {
        bool HasRemoved(TEntryKey key, long end);
    }

    private readonly struct Newest<TKey>(SessionsHeader<TKey> header) : IRemovals<TKey>
        where TKey : struct, IKey<TKey>
    {
        public bool HasRemoved(TKey key, long end) => header.HasRemoved(key, end);
    }

    private readonly struct Older<TKey>(SessionsHeader<TKey> header) : IRemovals<OwnedKey<TKey, SessionStart>>
        where TKey : struct, IKey<TKey>
    {
        public bool HasRemoved(OwnedKey<TKey, SessionStart> key, long end) => header.HasRemoved(key.Owner, end);
    }
}
