using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemoryPack;

namespace Penstock.State;

/// <summary>Widens saved numbers.</summary>
internal static class Numbers
{
    /// <summary>
    /// Reads a number of one type and writes it as another type that can represent all of its values. The types are given by their names in
    /// a schema.
    /// </summary>
    public static void Widen(string from, string to, ref MemoryPackReader reader, IBufferWriter<byte> writer)
    {
        if (from == "float32")
        {
            Write<double>(reader.ReadUnmanaged<float>(), writer);
            return;
        }

        Int128 number = from switch
        {
            "char" => reader.ReadUnmanaged<char>(),
            "sbyte" => reader.ReadUnmanaged<sbyte>(),
            "byte" => reader.ReadUnmanaged<byte>(),
            "int16" => reader.ReadUnmanaged<short>(),
            "uint16" => reader.ReadUnmanaged<ushort>(),
            "int32" => reader.ReadUnmanaged<int>(),
            "uint32" => reader.ReadUnmanaged<uint>(),
            "int64" => reader.ReadUnmanaged<long>(),
            _ => reader.ReadUnmanaged<ulong>(),
        };
        switch (to)
        {
            case "int16":
                Write((short)number, writer);
                break;
            case "uint16":
                Write((ushort)number, writer);
                break;
            case "int32":
                Write((int)number, writer);
                break;
            case "uint32":
                Write((uint)number, writer);
                break;
            case "int64":
                Write((long)number, writer);
                break;
            case "uint64":
                Write((ulong)number, writer);
                break;
            case "float32":
                Write((float)number, writer);
                break;
            case "float64":
                Write((double)number, writer);
                break;
            default:
                Write((decimal)number, writer);
                break;
        }
    }

    private static void Write<T>(T number, IBufferWriter<byte> writer)
        where T : unmanaged
    {
        MemoryMarshal.Write(writer.GetSpan(Unsafe.SizeOf<T>()), in number);
        writer.Advance(Unsafe.SizeOf<T>());
    }
}
