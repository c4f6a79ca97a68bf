using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using MemoryPack;

namespace Penstock.Streams;

/// <summary>
/// Writes strings as UTF-8 with their length in one byte if they are short, for rows that are kept in memory or sent to another process.
/// A string that is not valid Unicode is written as UTF-16, so that any sequence of characters is read unchanged.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CompactText
{
    // The first byte: a number of bytes of UTF-8, or one of the following values.
    private const byte MaxShort = 250;
    private const byte Null = 251;
    private const byte Medium = 252;
    private const byte Long = 253;
    private const byte Utf16 = 254;

    private const int MaxUtf8PerChar = 3;

    /// <summary>Writes a string or null.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The string, or null.</param>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, string? value)
        where TBuffer : class, IBufferWriter<byte>
    {
        if (value is not { Length: <= MaxShort / MaxUtf8PerChar })
        {
            WriteOther(ref writer, value);
            return;
        }

        ref var first = ref writer.GetSpanReference(1 + value.Length * MaxUtf8PerChar);
        var text = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref first, 1), value.Length * MaxUtf8PerChar);
        if (Utf8.FromUtf16(value, text, out _, out var bytes, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            first = (byte)bytes;
            writer.Advance(1 + bytes);
        }
        else
        {
            WriteUtf16(ref writer, value);
        }
    }

    /// <summary>Reads a string or null.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>What was written.</returns>
    public static string? Read(ref MemoryPackReader reader)
    {
        var first = reader.ReadUnmanaged<byte>();
        switch (first)
        {
            case <= MaxShort:
                return ReadUtf8(ref reader, first);
            case Null:
                return null;
            case Medium:
                return ReadUtf8(ref reader, reader.ReadUnmanaged<ushort>());
            case Long:
                return ReadUtf8(ref reader, reader.ReadUnmanaged<int>());
            case Utf16:
                var length = reader.ReadUnmanaged<int>();
                var bytes = Bytes(ref reader, length is >= 0 and <= int.MaxValue / sizeof(char) ? length * sizeof(char) : -1);
                var text = new string(MemoryMarshal.Cast<byte, char>(bytes));
                reader.Advance(bytes.Length);
                return text;
            default:
                MemoryPackSerializationException.ThrowMessage($"A text begins with the byte {first}.");
                return null;
        }
    }

    private static void WriteOther<TBuffer>(ref MemoryPackWriter<TBuffer> writer, string? value)
        where TBuffer : class, IBufferWriter<byte>
    {
        if (value == null)
        {
            writer.WriteUnmanaged(Null);
            return;
        }

        if (value.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            // Rare in long texts, so it is not worth finding out whether it is valid.
            WriteUtf16(ref writer, value);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        if (bytes <= ushort.MaxValue)
        {
            writer.WriteUnmanaged(Medium, (ushort)bytes);
        }
        else
        {
            writer.WriteUnmanaged(Long, bytes);
        }

        Encoding.UTF8.GetBytes(value, MemoryMarshal.CreateSpan(ref writer.GetSpanReference(bytes), bytes));
        writer.Advance(bytes);
    }

    private static void WriteUtf16<TBuffer>(ref MemoryPackWriter<TBuffer> writer, string value)
        where TBuffer : class, IBufferWriter<byte>
    {
        writer.WriteUnmanaged(Utf16, value.Length);
        var bytes = MemoryMarshal.AsBytes(value.AsSpan());
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref writer.GetSpanReference(bytes.Length), bytes.Length));
        writer.Advance(bytes.Length);
    }

    private static string ReadUtf8(ref MemoryPackReader reader, int length)
    {
        if (length == 0)
        {
            return "";
        }

        var bytes = Bytes(ref reader, length);
        var text = Encoding.UTF8.GetString(bytes);
        reader.Advance(bytes.Length);
        return text;
    }

    private static ReadOnlySpan<byte> Bytes(ref MemoryPackReader reader, int length)
    {
        if (length < 0 || length > reader.Remaining)
        {
            MemoryPackSerializationException.ThrowMessage($"A text has a length of {length} bytes, of which {reader.Remaining} are there.");
        }

        return MemoryMarshal.CreateReadOnlySpan(ref reader.GetSpanReference(length), length);
    }
}
