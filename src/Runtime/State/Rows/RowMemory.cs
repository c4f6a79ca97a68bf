using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;
using Penstock.Streams;

namespace Penstock.State;

/// <summary>
/// How a row lies in a page: as the memory of its struct, or member by member with its text as UTF-8. No checkpoint has this form.
/// </summary>
/// <typeparam name="TRow">The row type.</typeparam>
/// <typeparam name="TCodec">The codec of a row.</typeparam>
internal static class RowMemory<TRow, TCodec>
    where TCodec : struct, IRowCodec<TRow>
{
    private const int MaxPlain = 1024;

    /// <summary>
    /// Indicates whether it is the memory of the struct: then it refers to no object, and at most a fifth of it is padding.
    /// </summary>
    public static bool IsPlain { get; } = !RuntimeHelpers.IsReferenceOrContainsReferences<TRow>()
        && Unsafe.SizeOf<TRow>() <= MaxPlain
        && Unsafe.SizeOf<TRow>() * 4 <= Math.Max(TCodec.FixedSize, TCodec.BlittableSize) * 5;

    /// <summary>Reads a row.</summary>
    /// <param name="bytes">The row, and anything after it.</param>
    /// <param name="state">The state of readers.</param>
    /// <param name="length">The length of the row in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TRow Read(ReadOnlySpan<byte> bytes, MemoryPackReaderOptionalState state, out int length)
    {
        if (IsPlain)
        {
            length = Unsafe.SizeOf<TRow>();
            return Unsafe.ReadUnaligned<TRow>(ref MemoryMarshal.GetReference(bytes[..length]));
        }

        return ReadMembers(bytes, state, out length);
    }

    private static TRow ReadMembers(ReadOnlySpan<byte> bytes, MemoryPackReaderOptionalState state, out int length)
    {
        var reader = new MemoryPackReader(bytes, state);
        var row = TCodec.Read(ref reader);
        length = reader.Consumed;
        return row;
    }

    /// <summary>Writes a row that is not the memory of its struct.</summary>
    public static void WriteMembers(in TRow row, Span<byte> first, RowBytes bytes, MemoryPackWriterOptionalState state)
    {
        var writer = new MemoryPackWriter<RowBytes>(ref bytes, first, state);
        TCodec.Write(ref writer, in row);
        writer.Flush();
    }
}
