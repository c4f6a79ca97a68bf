using System.Buffers;
using MemoryPack;
using Penstock.State;
using Penstock.Streams;
using Penstock.Timers;

namespace Penstock.Sorting;

/// <summary>What stands at the beginning of saved rows.</summary>
/// <param name="Reached">The furthest watermark, without the end of input.</param>
/// <param name="IsWhole">Whether all rows follow, and not only those that were added since the last checkpoint.</param>
/// <param name="Passed">The place of the last row that was passed on: rows up to it in earlier checkpoints are gone.</param>
internal readonly record struct SortHead(long Reached, bool IsWhole, SortPlace Passed)
{
    public static SortHead Read(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var head = Read(ref reader);
        reader.Dispose();
        return head;
    }

    public static SortHead Read(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long reached, out bool isWhole, out long time, out long position);
        return new SortHead(reached, isWhole, new SortPlace(time, position));
    }
}

/// <summary>
/// The rows as of a barrier. In a checkpoint: the head; then blocks, each with a count and as many rows with their times and positions. An
/// empty block ends them. Rows with equal times are in the order of their positions.
/// </summary>
internal sealed class FrozenSort<TRow, TRowCodec, TStateCodec>(
    SortHead head,
    RowPosition from,
    RowFreeze rows,
    TimerFreeze<RowPosition> order) : IFrozenPart
    where TRowCodec : struct, IRowCodec<TRow>
    where TStateCodec : struct, IStateCodec<KeptRow<TRow>>
{
    public void Write(StateStream stream)
    {
        stream.Write(head, static (ref writer, head) =>
            writer.WriteUnmanaged(head.Reached, head.IsWhole, head.Passed.Time, head.Passed.Position));
        using var reading = MemoryPackReaderOptionalStatePool.Rent(null);
        var blocks = new BlockWriter(stream, rows, from, reading);
        order.Read(ref blocks);
        stream.Write(0, static (ref writer, end) => writer.WriteUnmanaged(end));
    }

    public void End()
    {
        rows.End();
        order.End();
    }

    private readonly struct BlockWriter(StateStream stream, RowFreeze rows, RowPosition from, MemoryPackReaderOptionalState reading)
        : IImageVisitor<TimerChange<RowPosition>>
    {
        public void Visit(ReadOnlySpan<TimerChange<RowPosition>> images)
        {
            var count = 0;
            foreach (ref readonly var image in images)
            {
                count += image.Key.Value >= from.Value ? 1 : 0;
            }

            if (count > 0)
            {
                stream.Write(count, static (ref writer, count) => writer.WriteUnmanaged(count));
                stream.Write(new Block(images, rows, from, reading), static (ref writer, block) => block.Write(ref writer));
            }
        }
    }

    private readonly ref struct Block(
        ReadOnlySpan<TimerChange<RowPosition>> images,
        RowFreeze rows,
        RowPosition from,
        MemoryPackReaderOptionalState reading)
    {
        private readonly ReadOnlySpan<TimerChange<RowPosition>> _images = images;

        public void Write(ref MemoryPackWriter<StateStream> writer)
        {
            foreach (ref readonly var image in _images)
            {
                if (image.Key.Value >= from.Value)
                {
                    var kept = new KeptRow<TRow> { Row = RowMemory<TRow, TRowCodec>.Read(rows.At(image.Key), reading, out _) };
                    writer.WriteUnmanaged(image.Time, image.Key.Value);
                    TStateCodec.Write(ref writer, in kept);
                }
            }
        }
    }
}
