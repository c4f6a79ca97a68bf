using System.Buffers;
using MemoryPack;

namespace Penstock.State;

/// <summary>The deadline of an element in a checkpoint, which precedes its value.</summary>
internal static class ElementLife<TLife>
    where TLife : struct, ILife
{
    public static string Schema(string value) => TLife.IsLimited ? "Expires:int64;" + value : value;

    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, TLife life)
        where TBuffer : class, IBufferWriter<byte>
    {
        if (TLife.IsLimited)
        {
            writer.WriteUnmanaged(life.Expires);
        }
    }

    public static void Read(ref MemoryPackReader reader, ref TLife life)
    {
        if (TLife.IsLimited)
        {
            life.Expires = reader.ReadUnmanaged<long>();
        }
    }
}
