using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Penstock.State;

/// <summary>Entries that lie in memory as a checkpoint has them, so that a whole block is copied and nothing is converted.</summary>
internal static class PlainEntries<TKey, TState, TStateCodec>
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
{
    /// <summary>
    /// Whether entries are such. Their parts are, by what the compiler knows of them; and there is no gap between the two, nor behind them.
    /// </summary>
    public static readonly bool ArePlain = BitConverter.IsLittleEndian
        && TKey.PlainSize > 0
        && TStateCodec.PlainSize > 0
        && !RuntimeHelpers.IsReferenceOrContainsReferences<KeyedEntry<TKey, TState>>()
        && Unsafe.SizeOf<KeyedEntry<TKey, TState>>() == TKey.PlainSize + TStateCodec.PlainSize;

    public static void Write(ref MemoryPackWriter<StateStream> writer, ReadOnlySpan<KeyedEntry<TKey, TState>> entries)
    {
        var bytes = SizeOf(entries.Length);
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<KeyedEntry<TKey, TState>, byte>(ref MemoryMarshal.GetReference(entries)), bytes)
            .CopyTo(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(bytes), bytes));
        writer.Advance(bytes);
    }

    /// <summary>Reads entries; they are valid until the reader goes on. Reading them needs no alignment.</summary>
    public static ReadOnlySpan<KeyedEntry<TKey, TState>> Read(ref MemoryPackReader reader, int count)
    {
        var bytes = SizeOf(count);
        ref var first = ref Unsafe.As<byte, KeyedEntry<TKey, TState>>(ref reader.GetSpanReference(bytes));
        reader.Advance(bytes);
        return MemoryMarshal.CreateReadOnlySpan(ref first, count);
    }

    private static int SizeOf(int count) => checked(count * Unsafe.SizeOf<KeyedEntry<TKey, TState>>());
}
