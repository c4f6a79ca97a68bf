using System.Buffers;
using MemoryPack;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>One window as it was at a barrier.</summary>
internal sealed record FrozenPane<TKey, TState>(long Start, bool HasFired, TableFreeze<TKey, TState> Entries)
    where TKey : struct, IKey<TKey>
    where TState : struct;

/// <summary>The open windows as they were at a barrier.</summary>
internal sealed class FrozenWindows<TKey, TState, TStateCodec>(long watermark, List<FrozenPane<TKey, TState>> panes, StateMemory memory) : IFrozenPart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public void Write(StateStream stream)
    {
        FrozenWindows.WriteHeader(stream, watermark, [.. panes.Select(pane => (pane.Start, pane.HasFired))]);
        var room = FreezeRoom<TKey, TState>.Rent();
        foreach (var pane in panes)
        {
            StateTable.Write<TKey, TState, TStateCodec>(pane.Entries, stream, room, memory);
            pane.Entries.End();
        }

        room.Return();
    }

    public void End()
    {
        foreach (var pane in panes)
        {
            pane.Entries.End();
        }
    }
}

/// <summary>How windows lie in a checkpoint: the watermark, the open windows, then the entries of each, all or those that changed.</summary>
internal static class FrozenWindows
{
    public static void WriteHeader(StateStream stream, long watermark, (long Start, bool HasFired)[] panes) =>
        stream.Write((watermark, panes), static (ref writer, header) =>
        {
            writer.WriteUnmanaged(header.watermark, header.panes.Length);
            foreach (var (start, fired) in header.panes)
            {
                writer.WriteUnmanaged(start);
                writer.WriteUnmanaged(fired);
            }
        });

    public static (long Watermark, Dictionary<long, bool> Open) ReadHeader(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var header = ReadHeader(ref reader);
        reader.Dispose();
        return (header.Watermark, header.Open.ToDictionary());
    }

    public static void ReadEntries<TKey, TState, TStateCodec>(
        in ReadOnlySequence<byte> saved, SavedStates<TState, TStateCodec> states, Func<long, KeyedTable<TKey, TState>?> find, KeyRange range, KeyRange writer)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        foreach (var pane in ReadHeader(ref reader).Open)
        {
            StateTable.Restore(find(pane.Key), states, ref reader, range, writer);
        }

        reader.Dispose();
    }

    private static (long Watermark, List<KeyValuePair<long, bool>> Open) ReadHeader(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long watermark, out int count);
        var open = new List<KeyValuePair<long, bool>>(count);
        for (var index = 0; index < count; index++)
        {
            reader.ReadUnmanaged(out long start);
            reader.ReadUnmanaged(out bool fired);
            open.Add(new(start, fired));
        }

        return (watermark, open);
    }
}
