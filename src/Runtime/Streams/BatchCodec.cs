using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;
using Penstock.Connectors;

namespace Penstock.Streams;

/// <summary>
/// Serializes batches for another process: rows, event times, row kinds and watermark updates. Both processes run the same program, so the
/// bytes do not describe their format.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class BatchCodec
{
    private protected BatchCodec()
    {
    }

    /// <summary>Returns the codec for batches of a row type.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TCodec">The codec of a row.</typeparam>
    /// <returns>The codec.</returns>
    public static BatchCodec Of<T, TCodec>()
        where TCodec : struct, IRowCodec<T> => new BatchCodec<T, TCodec>();

    /// <summary>The type of the rows.</summary>
    internal abstract Type RowType { get; }

    /// <summary>Writes a batch.</summary>
    internal abstract void Write(Batch batch, ByteBuffer buffer);

    /// <summary>Creates the reader for the batches of one channel.</summary>
    /// <param name="batchSize">The maximum number of rows in a batch.</param>
    /// <param name="maxFree">The maximum number of unused batches to keep.</param>
    internal abstract BatchReader CreateReader(int batchSize, int maxFree);
}

/// <summary>Reads the batches of one channel from another process.</summary>
internal abstract class BatchReader
{
    /// <summary>Reads a batch.</summary>
    /// <param name="bytes">The bytes written by <see cref="BatchCodec.Write"/>, and nothing else.</param>
    /// <returns>The batch, which the caller owns until it is released.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a valid batch.</exception>
    public abstract Batch Read(ReadOnlySpan<byte> bytes);
}

internal sealed class BatchCodec<T, TCodec> : BatchCodec
    where TCodec : struct, IRowCodec<T>
{
    // Rows that consist of numbers without gaps in memory are copied as they are.
    private static readonly bool ArePlain = TCodec.BlittableSize > 0
        && !RuntimeHelpers.IsReferenceOrContainsReferences<T>()
        && Unsafe.SizeOf<T>() == TCodec.BlittableSize;

    [Flags]
    private enum Parts : byte
    {
        None,
        Times = 1,
        Kinds = 2,
        All = Times | Kinds,
    }

    internal override Type RowType => typeof(T);

    internal override void Write(Batch batch, ByteBuffer buffer)
    {
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var writer = new MemoryPackWriter<ByteBuffer>(ref buffer, state);
        var rows = ((Batch<T>)batch).Rows.AsSpan(0, batch.Count);
        var times = batch.Times.AsSpan(0, batch.Count);

        // In streams without event time all times are 0.
        var parts = (times.ContainsAnyExcept(0) ? Parts.Times : Parts.None) | (batch.Kinds == null ? Parts.None : Parts.Kinds);
        writer.WriteUnmanaged(batch.Count, batch.WatermarkUpdates.Length, parts);
        foreach (ref readonly var step in batch.WatermarkUpdates)
        {
            writer.WriteUnmanaged(step.Index, step.SplitWatermark, step.CombinedWatermark);
        }

        if (parts.HasFlag(Parts.Times))
        {
            Write(ref writer, BytesOf<long>(times));
        }

        if (parts.HasFlag(Parts.Kinds))
        {
            Write(ref writer, BytesOf(batch.Kinds.AsSpan(0, batch.Count)));
        }

        if (ArePlain)
        {
            Write(ref writer, BytesOf<T>(rows));
        }
        else
        {
            foreach (ref readonly var row in rows)
            {
                TCodec.Write(ref writer, in row);
            }
        }

        writer.Flush();
    }

    internal override BatchReader CreateReader(int batchSize, int maxFree) => new Reader(batchSize, maxFree);

    private static void Write(ref MemoryPackWriter<ByteBuffer> writer, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            bytes.CopyTo(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(bytes.Length), bytes.Length));
            writer.Advance(bytes.Length);
        }
    }

    private static Span<byte> BytesOf<TItem>(Span<TItem> items) =>
        MemoryMarshal.CreateSpan(
            ref Unsafe.As<TItem, byte>(ref MemoryMarshal.GetReference(items)),
            checked(items.Length * Unsafe.SizeOf<TItem>()));

    private sealed class Reader(int batchSize, int maxFree) : BatchReader
    {
        private readonly BatchPool<T> _pool = new(batchSize, maxFree);

        public override Batch Read(ReadOnlySpan<byte> bytes)
        {
            using var state = MemoryPackReaderOptionalStatePool.Rent(null);
            var reader = new MemoryPackReader(bytes, state);
            var batch = _pool.Rent();
            try
            {
                Read(ref reader, batch);
            }
            catch (MemoryPackSerializationException error)
            {
                throw new InvalidDataException(
                    $"A batch of rows of type {typeof(T)} ends early, or has a part that is none: {error.Message}",
                    error);
            }

            return reader.Consumed == bytes.Length
                ? batch
                : throw new InvalidDataException(
                    $"Behind a batch of rows of type {typeof(T)} there are {bytes.Length - reader.Consumed} bytes more.");
        }

        private static void Read(ref MemoryPackReader reader, Batch<T> batch)
        {
            reader.ReadUnmanaged(out int count, out int steps, out Parts parts);
            if (count < 0 || count > batch.Capacity || steps < 0 || parts > Parts.All)
            {
                throw new InvalidDataException(
                    $"A batch says that it has {count} rows of type {typeof(T)}, {steps} watermark updates and the parts "
                        + $"{(int)parts}; it can have 0 to {batch.Capacity} rows, and the parts 0 to {(int)Parts.All}.");
            }

            for (var step = 0; step < steps; step++)
            {
                reader.ReadUnmanaged(out int index, out long split, out long combined);
                batch.Restore(index >= 0 && index <= count
                    ? new WatermarkUpdate(index, split, combined)
                    : throw new InvalidDataException($"A watermark update stands at row {index} of a batch of {count}."));
            }

            var times = batch.Times.AsSpan(0, count);
            times.Clear();
            if (parts.HasFlag(Parts.Times))
            {
                Read(ref reader, BytesOf(times));
            }

            if (parts.HasFlag(Parts.Kinds))
            {
                Read(ref reader, BytesOf(batch.NeedKinds().AsSpan(0, count)));
            }

            batch.Count = count;
            var rows = batch.Rows.AsSpan(0, count);
            if (ArePlain)
            {
                Read(ref reader, BytesOf(rows));
                return;
            }

            for (var row = 0; row < count; row++)
            {
                rows[row] = TCodec.Read(ref reader);
            }
        }

        private static void Read(ref MemoryPackReader reader, Span<byte> bytes)
        {
            if (!bytes.IsEmpty)
            {
                MemoryMarshal.CreateReadOnlySpan(ref reader.GetSpanReference(bytes.Length), bytes.Length).CopyTo(bytes);
                reader.Advance(bytes.Length);
            }
        }
    }
}
