using System.Buffers;
using MemoryPack;
using Penstock.Generator.Schemas;

namespace Penstock.State;

/// <summary>Copies or skips saved values using only their schema, including values whose types the program no longer has.</summary>
internal static class SavedBytes
{
    private const int NullCollection = -1;
    private const int MaxCopySize = 64 * 1024;

    /// <summary>Reads a value and writes it unchanged.</summary>
    /// <param name="type">The type of the value.</param>
    /// <param name="reader">The reader of the value.</param>
    /// <param name="writer">Receives the value, or null to skip it.</param>
    public static void Copy(SchemaType type, ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        if (type.IsFixed)
        {
            Copy(type.Size, ref reader, writer);
            return;
        }

        switch (type.Kind)
        {
            case SchemaKind.Nullable:
                if (CopyFlag(ref reader, writer))
                {
                    Copy(type.Parts[0], ref reader, writer);
                }

                break;
            case SchemaKind.Tuple:
                CopyAll(type.Parts, ref reader, writer);
                break;
            case SchemaKind.Record:
                foreach (var field in type.Fields)
                {
                    Copy(field.Type, ref reader, writer);
                }

                break;
            case SchemaKind.Text:
                CopyText(ref reader, writer);
                break;
            case SchemaKind.Bytes or SchemaKind.Opaque:
                Copy(Math.Max(CopyNumber(ref reader, writer), 0), ref reader, writer);
                break;
            case SchemaKind.List or SchemaKind.Set or SchemaKind.Map:
                CopyElements(type.Parts, ref reader, writer);
                break;
            default:
                throw Unknown(type);
        }
    }

    /// <summary>Writes the default value of a type.</summary>
    public static void WriteDefault(SchemaType type, IBufferWriter<byte> writer)
    {
        if (type.IsFixed)
        {
            writer.GetSpan(type.Size)[..type.Size].Clear();
            writer.Advance(type.Size);
            return;
        }

        switch (type.Kind)
        {
            case SchemaKind.Nullable:
                WriteFlag(false, writer);
                break;
            case SchemaKind.Tuple:
                foreach (var part in type.Parts)
                {
                    WriteDefault(part, writer);
                }

                break;
            case SchemaKind.Record:
                foreach (var field in type.Fields)
                {
                    WriteDefault(field.Type, writer);
                }

                break;
            case SchemaKind.Text or SchemaKind.Bytes or SchemaKind.Opaque or SchemaKind.List or SchemaKind.Set or SchemaKind.Map:
                WriteNumber(NullCollection, writer);
                break;
            default:
                throw Unknown(type);
        }
    }

    /// <summary>Copies the flag that indicates whether there is a value, and returns it.</summary>
    public static bool CopyFlag(ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        var flag = reader.ReadUnmanaged<bool>();
        if (writer != null)
        {
            WriteFlag(flag, writer);
        }

        return flag;
    }

    /// <summary>Copies the number of elements or bytes that follow, and returns it.</summary>
    public static int CopyNumber(ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        var number = reader.ReadUnmanaged<int>();
        if (writer != null)
        {
            WriteNumber(number, writer);
        }

        return number;
    }

    public static void WriteFlag(bool flag, IBufferWriter<byte> writer) => writer.Write([flag ? (byte)1 : (byte)0]);

    private static InvalidOperationException Unknown(SchemaType type) => new($"Saved values of this kind are not known: {type.Kind}.");

    private static void WriteNumber(int number, IBufferWriter<byte> writer) => writer.Write(BitConverter.GetBytes(number));

    private static void CopyAll(IReadOnlyList<SchemaType> types, ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        foreach (var type in types)
        {
            Copy(type, ref reader, writer);
        }
    }

    private static void CopyElements(IReadOnlyList<SchemaType> parts, ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        var count = CopyNumber(ref reader, writer);
        if (count > 0 && parts.All(part => part.IsFixed))
        {
            Copy((long)count * parts.Sum(part => part.Size), ref reader, writer);
            return;
        }

        for (var index = 0; index < count; index++)
        {
            CopyAll(parts, ref reader, writer);
        }
    }

    // The format of MemoryPack: the number of UTF-16 characters, or the complement of the number of UTF-8 bytes followed by the number of
    // characters.
    private static void CopyText(ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        var length = CopyNumber(ref reader, writer);
        if (length > 0)
        {
            Copy(length * (long)sizeof(char), ref reader, writer);
        }
        else if (length < NullCollection)
        {
            Copy(sizeof(int) + (long)~length, ref reader, writer);
        }
    }

    private static void Copy(long bytes, ref MemoryPackReader reader, IBufferWriter<byte>? writer)
    {
        for (var left = bytes; left > 0;)
        {
            var count = (int)Math.Min(left, MaxCopySize);
            ref var from = ref reader.GetSpanReference(count);
            writer?.Write(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref from, count));
            reader.Advance(count);
            left -= count;
        }
    }
}
