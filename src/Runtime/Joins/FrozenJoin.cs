using System.Buffers;
using MemoryPack;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Joins;

/// <summary>What stands at the beginning of the saved rows of a side.</summary>
/// <param name="Reached">The furthest watermark, without the end of input.</param>
/// <param name="Passed">The watermark with the end of input: rows that it has passed are gone.</param>
/// <param name="IsWhole">Whether all rows follow, and not only those that were added since the last checkpoint.</param>
internal readonly record struct JoinHead(long Reached, long Passed, bool IsWhole)
{
    public static JoinHead Read(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        var head = Read(ref reader);
        reader.Dispose();
        return head;
    }

    public static JoinHead Read(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long reached, out long passed, out bool isWhole);
        return new JoinHead(reached, passed, isWhole);
    }
}

/// <summary>
/// The rows of a side as of a barrier. In a checkpoint: the head; the positions of rows of earlier checkpoints that have been met since, in
/// blocks, each with a count; an empty block ends them; then rows, each behind its position and its stamp; a negative position ends them.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="kept">How long rows are kept, counted from their time.</param>
/// <param name="from">The position of the first row.</param>
/// <param name="rows">The rows.</param>
/// <param name="matched">The positions of rows of earlier checkpoints; null if there are none.</param>
internal sealed class FrozenJoin<TRow, TRowCodec, TStateCodec>(
    JoinHead head,
    long kept,
    RowPosition from,
    RowFreeze rows,
    ImageLog<long>? matched) : IFrozenPart
    where TRowCodec : struct, IRowCodec<TRow>
    where TStateCodec : struct, IStateCodec<KeptRow<TRow>>
{
    /// <summary>What stands behind the last row.</summary>
    public const long EndOfRows = -1;

    public void Write(StateStream stream)
    {
        stream.Write(head, static (ref writer, head) => writer.WriteUnmanaged(head.Reached, head.Passed, head.IsWhole));
        if (matched != null)
        {
            var positions = new PositionWriter(stream);
            matched.Read(ref positions);
        }

        stream.Write(0, static (ref writer, end) => writer.WriteUnmanaged(end));
        using var reading = MemoryPackReaderOptionalStatePool.Rent(null);
        var pages = new PageWriter(stream, head.Passed, kept, reading);
        rows.Read(from, ref pages);
        stream.Write(EndOfRows, static (ref writer, end) => writer.WriteUnmanaged(end));
    }

    public void End() => rows.End();

    private readonly struct PositionWriter(StateStream stream) : IImageVisitor<long>
    {
        public void Visit(ReadOnlySpan<long> images)
        {
            if (images.Length > 0)
            {
                stream.Write(images.Length, static (ref writer, count) => writer.WriteUnmanaged(count));
            }

            foreach (var position in images)
            {
                stream.Write(position, static (ref writer, position) => writer.WriteUnmanaged(position));
            }
        }
    }

    private readonly struct PageWriter(StateStream stream, long passed, long kept, MemoryPackReaderOptionalState reading) : IPageVisitor
    {
        public void Visit(FrozenRows rows) => stream.Write(
            new Page(rows, passed, kept, reading),
            static (ref writer, page) => page.Write(ref writer));
    }

    private readonly ref struct Page(FrozenRows rows, long passed, long kept, MemoryPackReaderOptionalState reading)
    {
        private readonly FrozenRows _rows = rows;

        public void Write(ref MemoryPackWriter<StateStream> writer)
        {
            var rows = _rows;
            while (rows.MoveNext())
            {
                // A row that was removed before the barrier has been passed, too.
                if ((JoinRowCodec<TRow, TRowCodec>.StampOf(rows.Row) >> 1) + kept >= passed)
                {
                    var row = RowMemory<JoinRow<TRow>, JoinRowCodec<TRow, TRowCodec>>.Read(rows.Row, reading, out _);
                    writer.WriteUnmanaged(rows.Position.Value, row.Stamp);
                    TStateCodec.Write(ref writer, new KeptRow<TRow> { Row = row.Row });
                }
            }
        }
    }
}
