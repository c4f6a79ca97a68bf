using System.Buffers;
using System.Runtime.InteropServices;
using MemoryPack;
using Penstock.State;

namespace Penstock.Runtime.Tests.State.Tables;

/// <summary>In which way the hashes of chosen keys are similar.</summary>
internal interface IAlike
{
    static abstract ulong Hash(long key);
}

/// <summary>All hashes are equal.</summary>
internal readonly struct AllEqual : IAlike
{
    public static ulong Hash(long key) => 0x1234_5678_9ABC_DEF0;
}

/// <summary>Keys differ only in the bits that select the group in a segment, and in the tag.</summary>
internal readonly struct HighBitsEqual : IAlike
{
    public static ulong Hash(long key) => 0x1234_5678_9ABC_0000 | ((ulong)key & 0x3FFF);
}

/// <summary>Every segment has some keys, and the first segment has most of them.</summary>
internal readonly struct MostlyEqual : IAlike
{
    public static ulong Hash(long key) => key % 4 == 0 ? StableHash.Of(key, StableHash.FixedSecret) : 0;
}

/// <summary>Several sets of keys, with equal hashes within each set.</summary>
internal readonly struct EqualInSets : IAlike
{
    public static ulong Hash(long key) => StableHash.Of(key % 7, StableHash.FixedSecret);
}

/// <summary>Sets of keys with equal hashes within each set, many of which become too large for a segment, one after the other.</summary>
internal readonly struct EqualInManySets : IAlike
{
    public static ulong Hash(long key) => StableHash.Of(key % (1 + key / 1_500), StableHash.FixedSecret);
}

/// <summary>Three sets of keys with equal hashes within each set, in adjacent segments.</summary>
internal readonly struct InThrees : IAlike
{
    public static ulong Hash(long key) => (ulong)(key % 3) << 14;
}

/// <summary>A key with a chosen hash, independent of the secret.</summary>
internal readonly struct ChosenKey<TAlike>(long value) : IKey<ChosenKey<TAlike>>
    where TAlike : struct, IAlike
{
    public readonly long Value = value;

    public static string Schema => "int64";

    public static ulong Hash(ChosenKey<TAlike> key, ulong secret) => TAlike.Hash(key.Value);

    public static int Compare(ChosenKey<TAlike> left, ChosenKey<TAlike> right) => left.Value.CompareTo(right.Value);

    public static bool Equals(ChosenKey<TAlike> left, ChosenKey<TAlike> right) => left.Value == right.Value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, ChosenKey<TAlike> key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key.Value);

    public static ChosenKey<TAlike> Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<long>());
}

/// <summary>A key like those of the compiler, which counts its comparisons. A table compares keys only where they are sorted.</summary>
internal readonly struct ComparedKey(long value) : IKey<ComparedKey>
{
    public readonly long Value = value;

    [ThreadStatic]
    private static long _comparisons;

    public static long Comparisons => _comparisons;

    public static string Schema => "int64";

    public static ulong Hash(ComparedKey key, ulong secret) => StableHash.Of(key.Value, secret);

    public static int Compare(ComparedKey left, ComparedKey right)
    {
        _comparisons++;
        return left.Value.CompareTo(right.Value);
    }

    public static bool Equals(ComparedKey left, ComparedKey right) => left.Value == right.Value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, ComparedKey key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key.Value);

    public static ComparedKey Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<long>());
}

/// <summary>Values with equal hashes if there is no secret.</summary>
internal static class Colliding
{
    /// <summary>Strings of 16 characters: XXH3 multiplies the first eight bytes, minus its constant, with the next eight.</summary>
    public static string Text(int number)
    {
        Span<ushort> units = [
            0xFEB8,
            0x396C,
            0xA423,
            0xBE4B,
            (ushort)('a' + number % 26),
            (ushort)('a' + number / 26 % 26),
            (ushort)('a' + number / 676 % 26),
            'x',
            'a',
            'b',
            'c',
            'd',
            'e',
            'f',
            'g',
            'h'
        ];
        return new string(MemoryMarshal.Cast<ushort, char>(units));
    }

    /// <summary>Numbers with hashes that are equal except for the lowest 14 bits.</summary>
    public static long Number(int number) => Unmix(0xABCD_EF01_2345_4000 | (uint)number) - Increment;

    /// <summary>Pairs of numbers.</summary>
    public static (long First, long Second) Pair(int number)
    {
        var first = StableHash.Of((long)number, StableHash.FixedSecret);
        return (number, Unmix(0x1234_5678_9ABC_DEF0 - first * 0xD1B54A32D192ED03) - Increment);
    }

    private const long Increment = unchecked((long)0x9E3779B97F4A7C15);

    // The inverse of the SplitMix64 finalizer.
    private static long Unmix(ulong hash)
    {
        hash ^= (hash >> 31) ^ (hash >> 62);
        hash *= 0x319642B2D24D8EC3;
        hash ^= (hash >> 27) ^ (hash >> 54);
        hash *= 0x96DE1B173F119089;
        hash ^= (hash >> 30) ^ (hash >> 60);
        return (long)hash;
    }
}
