using System.Buffers;
using MemoryPack;

namespace Penstock.State;

/// <summary>
/// The position of a row in a <see cref="RowStore{TRow, TCodec}"/>: the number of its page and its offset there. A row that was added later
/// has a larger position.
/// </summary>
internal readonly struct RowPosition(long value) : IKey<RowPosition>
{
    private const int OffsetBits = 16;

    public readonly long Value = value;

    public RowPosition(long page, int offset)
        : this((page << OffsetBits) + offset)
    {
    }

    public static string Schema => "int64";

    public static int BlittableSize => sizeof(long);

    public long Page => Value >> OffsetBits;

    public int Offset => (int)(Value & ((1 << OffsetBits) - 1));

    public static ulong Hash(RowPosition key, ulong secret) => StableHash.Of(key.Value, secret);

    public static int Compare(RowPosition left, RowPosition right) => left.Value.CompareTo(right.Value);

    public static bool Equals(RowPosition left, RowPosition right) => left.Value == right.Value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, RowPosition key)
        where TBuffer : class, IBufferWriter<byte> => writer.WriteUnmanaged(key.Value);

    public static RowPosition Read(ref MemoryPackReader reader) => new(reader.ReadUnmanaged<long>());
}
