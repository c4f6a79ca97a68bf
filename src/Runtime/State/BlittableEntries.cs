using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Penstock.State;

/// <summary>Entries whose memory layout is also their serialized form, so that whole blocks are copied without conversion.</summary>
internal static class BlittableEntries<TKey, TState, TStateCodec>
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    /// <summary>
    /// Indicates whether this applies to the entries. It applies to key and state according to the compiler, and there is no gap between or
    /// after them.
    /// </summary>
    public static readonly bool ArePlain = BitConverter.IsLittleEndian
        && TKey.BlittableSize > 0
        && TStateCodec.BlittableSize > 0
        && !RuntimeHelpers.IsReferenceOrContainsReferences<KeyedEntry<TKey, TState>>()
        && Unsafe.SizeOf<KeyedEntry<TKey, TState>>() == TKey.BlittableSize + TStateCodec.BlittableSize;

    public static void Write(ref MemoryPackWriter<StateStream> writer, ReadOnlySpan<KeyedEntry<TKey, TState>> entries)
    {
        var bytes = SizeOf(entries.Length);
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<KeyedEntry<TKey, TState>, byte>(ref MemoryMarshal.GetReference(entries)), bytes)
            .CopyTo(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(bytes), bytes));
        writer.Advance(bytes);
    }

    /// <summary>Reads entries without requiring alignment. They are valid until the next read.</summary>
    public static ReadOnlySpan<KeyedEntry<TKey, TState>> Read(ref MemoryPackReader reader, int count)
    {
        var bytes = SizeOf(count);
        ref var first = ref Unsafe.As<byte, KeyedEntry<TKey, TState>>(ref reader.GetSpanReference(bytes));
        reader.Advance(bytes);
        return MemoryMarshal.CreateReadOnlySpan(ref first, count);
    }

    private static int SizeOf(int count) => checked(count * Unsafe.SizeOf<KeyedEntry<TKey, TState>>());
}
