using System.Buffers;
using MemoryPack;
using Penstock.Time;

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
internal sealed class FrozenWindows<TKey, TState, TStateCodec>(
    long watermark,
    long closed,
    List<FrozenPane<TKey, TState>> panes,
    StateMemory memory) : IFrozenPart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public void Write(StateStream stream)
    {
        FrozenWindows.WriteHeader(stream, new WindowsHeader(watermark, closed, [.. panes.SelectMany(HeadersOf)]));
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
    private static WindowHeader[] HeadersOf(FrozenPane<TKey, TState> pane) =>
        pane.IsRest
            ? [new WindowHeader(pane.Start, HasFired: true), new WindowHeader(pane.Start, HasFired: false)]
            : [new WindowHeader(pane.Start, pane.HasFired)];
}

/// <summary>What precedes the entries of windows in a checkpoint.</summary>
/// <param name="Watermark">The watermark.</param>
/// <param name="Closed">
/// The time up to which windows are closed, <see cref="Watermarks.None"/> in checkpoints of release 0.1. It is not always the watermark
/// less the allowed lateness, because the allowed lateness may have changed.
/// </param>
/// <param name="Windows">The open windows.</param>
internal sealed record WindowsHeader(long Watermark, long Closed, WindowHeader[] Windows);

/// <summary>An open window in a checkpoint.</summary>
/// <param name="Start">Its start.</param>
/// <param name="HasFired">Indicates whether the window has fired for these entries.</param>
internal readonly record struct WindowHeader(long Start, bool HasFired);

/// <summary>An open window, as read from its headers.</summary>
/// <param name="HasFired">Indicates whether the window has fired for all of its keys.</param>
/// <param name="IsRest">
/// Indicates whether the window is in the middle of its firing. This checkpoint then contains all entries that have not fired, and entries
/// of earlier checkpoints are ignored.
/// </param>
internal readonly record struct OpenWindow(bool HasFired, bool IsRest);

/// <summary>
/// The format of windows in a checkpoint: the watermark, the bits of the number of open windows inverted, the time up to which windows are
/// closed, the open windows, then the entries of each window, all or those that changed. A window in the middle of its firing has two
/// headers: a fired one without entries, and an unfired one with all entries that have not fired. Release 0.1 wrote the number itself, and
/// no time after it.
/// </summary>
internal static class FrozenWindows
{
    public static void WriteHeader(StateStream stream, WindowsHeader header) =>
        stream.Write(header, static (ref writer, header) =>
        {
            writer.WriteUnmanaged(header.Watermark, ~header.Windows.Length, header.Closed);
            foreach (var (start, fired) in header.Windows)
            {
                writer.WriteUnmanaged(start);
                writer.WriteUnmanaged(fired);
            }
        });

    public static (long Watermark, long Closed, Dictionary<long, OpenWindow> Open) ReadHeader(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var header = ReadHeader(ref reader);
        reader.Dispose();
        var open = header.Windows.GroupBy(static window => window.Start).ToDictionary(
            static named => named.Key,
            static named => new OpenWindow(HasFired: named.All(static window => window.HasFired), IsRest: named.Count() > 1));
        return (header.Watermark, header.Closed, open);
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
        foreach (var window in ReadHeader(ref reader).Windows)
        {
            StateTable.Restore(find(window.Start), states, ref reader, range, writer);
        }

        reader.Dispose();
    }

    private static WindowsHeader ReadHeader(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long watermark, out int count);
        var closed = Watermarks.None;
        if (count < 0)
        {
            count = ~count;
            closed = reader.ReadUnmanaged<long>();
        }

        var windows = new WindowHeader[count];
        for (var index = 0; index < count; index++)
        {
            reader.ReadUnmanaged(out long start);
            reader.ReadUnmanaged(out bool fired);
            windows[index] = new WindowHeader(start, fired);
        }

        return new WindowsHeader(watermark, closed, windows);
    }
}
