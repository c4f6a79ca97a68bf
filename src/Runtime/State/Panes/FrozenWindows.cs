using System.Buffers;
using MemoryPack;

namespace Penstock.State;

/// <summary>One window as of a barrier.</summary>
internal sealed record FrozenPane<TKey, TState>(long Start, bool HasFired, TableFreeze<TKey, TState> Entries)
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    /// <summary>Indicates whether the window is in the middle of its firing, and the entries are those that have not fired.</summary>
    public bool IsRest { get; init; }
}

/// <summary>The open windows as of a barrier.</summary>
internal sealed class FrozenWindows<TKey, TState, TStateCodec>(long watermark, List<FrozenPane<TKey, TState>> panes, StateMemory memory)
    : IFrozenPart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public void Write(StateStream stream)
    {
        FrozenWindows.WriteHeader(stream, watermark, [.. panes.SelectMany(HeadersOf)]);
        var room = FreezeRoom<TKey, TState>.Rent();
        foreach (var pane in panes)
        {
            if (pane.IsRest)
            {
                StateTable.WriteEmpty(stream);
            }

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

    // The header of the part that has fired, of which nothing is saved, and of the part that has not.
    private static (long Start, bool HasFired)[] HeadersOf(FrozenPane<TKey, TState> pane) =>
        pane.IsRest ? [(pane.Start, true), (pane.Start, false)] : [(pane.Start, pane.HasFired)];
}

/// <summary>The header of a window.</summary>
/// <param name="HasFired">Indicates whether the window has fired for all of its keys.</param>
/// <param name="IsRest">
/// Indicates whether the window is in the middle of its firing. This checkpoint then contains all entries that have not fired, and entries
/// of earlier checkpoints are ignored.
/// </param>
internal readonly record struct OpenWindow(bool HasFired, bool IsRest);

/// <summary>
/// The format of windows in a checkpoint: the watermark, the open windows, then the entries of each window, all or those that changed. A
/// window in the middle of its firing has two headers: a fired one without entries, and an unfired one with all entries that have not
/// fired.
/// </summary>
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

    public static (long Watermark, Dictionary<long, OpenWindow> Open) ReadHeader(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var header = ReadHeader(ref reader);
        reader.Dispose();
        var open = header.Open.GroupBy(static window => window.Start).ToDictionary(
            static named => named.Key,
            static named => new OpenWindow(HasFired: named.All(static window => window.HasFired), IsRest: named.Count() > 1));
        return (header.Watermark, open);
    }

    public static void ReadEntries<TKey, TState, TStateCodec>(
        in ReadOnlySequence<byte> saved,
        SavedStates<TState, TStateCodec> states,
        Func<long, KeyedTable<TKey, TState>?> find,
        KeyRange range,
        KeyRange writer)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        foreach (var pane in ReadHeader(ref reader).Open)
        {
            StateTable.Restore(find(pane.Start), states, ref reader, range, writer);
        }

        reader.Dispose();
    }

    private static (long Watermark, List<(long Start, bool HasFired)> Open) ReadHeader(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long watermark, out int count);
        var open = new List<(long Start, bool HasFired)>(count);
        for (var index = 0; index < count; index++)
        {
            reader.ReadUnmanaged(out long start);
            reader.ReadUnmanaged(out bool fired);
            open.Add((start, fired));
        }

        return (watermark, open);
    }
}
