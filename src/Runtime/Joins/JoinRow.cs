using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Joins;

/// <summary>A row that waits for rows of the other side, as it lies in memory.</summary>
/// <typeparam name="TRow">The row type.</typeparam>
[StructLayout(LayoutKind.Sequential)]
internal struct JoinRow<TRow>(in TRow row, long time, bool isMatched)
{
    // Event times need 59 bits.
    public long Stamp = time * 2 + (isMatched ? 1 : 0);

    public TRow Row = row;

    public readonly long Time => Stamp >> 1;

    public readonly bool IsMatched => (Stamp & 1) != 0;
}

/// <summary>The codec of such rows.</summary>
/// <typeparam name="TRow">The row type.</typeparam>
/// <typeparam name="TCodec">The codec of the row itself.</typeparam>
internal readonly struct JoinRowCodec<TRow, TCodec> : IRowCodec<JoinRow<TRow>>
    where TCodec : struct, IRowCodec<TRow>
{
    // Where the stamp of a row begins: with it unless the row is the memory of its struct, in an order that the runtime chooses.
    private static readonly int Offset = RowMemory<JoinRow<TRow>, JoinRowCodec<TRow, TCodec>>.IsPlain ? FindOffset() : 0;

    public static int BlittableSize => TCodec.BlittableSize == 0 ? 0 : TCodec.BlittableSize + sizeof(long);

    public static int FixedSize => TCodec.FixedSize == 0 ? 0 : TCodec.FixedSize + sizeof(long);

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in JoinRow<TRow> row)
        where TBuffer : class, IBufferWriter<byte>
    {
        writer.WriteUnmanaged(row.Stamp);
        TCodec.Write(ref writer, in row.Row);
    }

    public static JoinRow<TRow> Read(ref MemoryPackReader reader)
    {
        reader.ReadUnmanaged(out long stamp);
        return new JoinRow<TRow> { Stamp = stamp, Row = TCodec.Read(ref reader) };
    }

    /// <summary>Reads the stamp of a row.</summary>
    public static long StampOf(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<long>(bytes[Offset..]);

    /// <summary>Records that a row of the other side has met a row.</summary>
    public static void SetMatched(Span<byte> bytes) => MemoryMarshal.Write(bytes[Offset..], StampOf(bytes) | 1);

    private static int FindOffset()
    {
        var row = default(JoinRow<TRow>);
        return (int)Unsafe.ByteOffset(ref Unsafe.As<JoinRow<TRow>, byte>(ref row), ref Unsafe.As<long, byte>(ref row.Stamp));
    }
}
