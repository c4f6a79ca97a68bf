using System.Buffers;
using MemoryPack;
using Penstock.Time;

namespace Penstock.State;

/// <summary>The identity of a slice in a checkpoint.</summary>
/// <param name="Start">Its start.</param>
/// <param name="FirstEnd">The end of the first window that counts its rows.</param>
internal readonly record struct SliceId(long Start, long FirstEnd);

/// <summary>What precedes the entries of slices in a checkpoint.</summary>
/// <param name="Watermark">The watermark.</param>
/// <param name="Fired">The end of the last window that has fired.</param>
/// <param name="Closed">
/// The time up to which windows are closed, <see cref="Watermarks.None"/> if it was not saved. It is not always the watermark less the
/// allowed lateness, because the allowed lateness may have changed.
/// </param>
/// <param name="Slices">The open slices.</param>
internal sealed record SlicesHeader(long Watermark, long Fired, long Closed, SliceId[] Slices);

/// <summary>The open slices of an operator as of a barrier.</summary>
internal sealed class FrozenSlices<TKey, TState, TStateCodec>(
    SlicesHeader header,
    List<TableFreeze<TKey, TState>> slices,
    StateMemory memory) : IFrozenPart
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    public void Write(StateStream stream)
    {
        FrozenSlices.WriteHeader(stream, header);
        var room = FreezeRoom<TKey, TState>.Rent();
        foreach (var slice in slices)
        {
            StateTable.Write<TKey, TState, TStateCodec>(slice, stream, room, memory);
            slice.End();
        }

        room.Return();
    }

    public void End()
    {
        foreach (var slice in slices)
        {
            slice.End();
        }
    }
}

/// <summary>
/// The format of slices in a checkpoint: the watermark, the end of the last window that has fired, the bits of the number of open slices
/// inverted, the time up to which windows are closed, the open slices, then the entries of each slice, all or those that changed. Where
/// the number itself was written, no time follows it.
/// </summary>
internal static class FrozenSlices
{
    public static void WriteHeader(StateStream stream, SlicesHeader header) =>
        stream.Write(header, static (ref writer, header) =>
        {
            writer.WriteUnmanaged(header.Watermark, header.Fired, ~header.Slices.Length, header.Closed);
            foreach (var slice in header.Slices)
            {
                writer.WriteUnmanaged(slice.Start, slice.FirstEnd);
            }
        });

    public static SlicesHeader ReadHeader(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var header = ReadHeader(ref reader);
        reader.Dispose();
        return header;
    }

    public static void ReadEntries<TKey, TState, TStateCodec>(
        in ReadOnlySequence<byte> saved,
        SavedStates<TState, TStateCodec> states,
        Func<SliceId, KeyedTable<TKey, TState>?> find,
        KeyRange range,
        KeyRange writer)
        where TKey : struct, IKey<TKey>
        where TState : struct
        where TStateCodec : struct, IStateCodec<TState>
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        foreach (var slice in ReadHeader(ref reader).Slices)
        {
            StateTable.Restore(find(slice), states, ref reader, range, writer);
        }

        reader.Dispose();
    }

    private static SlicesHeader ReadHeader(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long watermark, out long fired, out int count);
        var closed = Watermarks.None;
        if (count < 0)
        {
            count = ~count;
            closed = reader.ReadUnmanaged<long>();
        }

        var slices = new SliceId[count];
        for (var index = 0; index < count; index++)
        {
            reader.ReadUnmanaged(out long start, out long firstEnd);
            slices[index] = new SliceId(start, firstEnd);
        }

        return new SlicesHeader(watermark, fired, closed, slices);
    }
}
