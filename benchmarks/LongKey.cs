using System.Buffers;
using MemoryPack;
using Penstock.State;

namespace Penstock.Benchmarks;

/// <summary>A number as a key, for tables without a pipeline.</summary>
/// <param name="value">The number.</param>
internal readonly struct LongKey(long value) : IKey<LongKey>
{
    private readonly long _value = value;

    /// <inheritdoc/>
    public static string Schema => "int64";

    /// <inheritdoc/>
    public static ulong Hash(LongKey key, ulong secret) => StableHash.Of(key._value, secret);

    /// <inheritdoc/>
    public static int Compare(LongKey left, LongKey right) => left._value.CompareTo(right._value);

    /// <inheritdoc/>
    public static bool Equals(LongKey left, LongKey right) => left._value == right._value;

    /// <inheritdoc/>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, LongKey key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key._value);

    /// <inheritdoc/>
    public static LongKey Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<long>());
}
