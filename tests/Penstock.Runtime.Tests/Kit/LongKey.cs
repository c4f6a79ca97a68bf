using System.Buffers;
using MemoryPack;
using Penstock.State;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>A key like those of the compiler.</summary>
internal readonly struct LongKey(long value) : IKey<LongKey>
{
    public readonly long Value = value;

    public static string Schema => "int64";

    public static ulong Hash(LongKey key, ulong secret) => StableHash.Of(key.Value, secret);

    /// <summary>The hash in a table without a secret.</summary>
    public static ulong Hash(LongKey key) => Hash(key, StableHash.FixedSecret);

    public static int Compare(LongKey left, LongKey right) => left.Value.CompareTo(right.Value);

    public static bool Equals(LongKey left, LongKey right) => left.Value == right.Value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, LongKey key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key.Value);

    public static LongKey Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<long>());
}
