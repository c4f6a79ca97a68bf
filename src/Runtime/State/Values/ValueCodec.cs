using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>Calls the codec of a value, and handles null.</summary>
/// <typeparam name="TCodec">The codec of values other than null.</typeparam>
/// <typeparam name="T">The type of the values.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ValueCodec<TCodec, T>
    where TCodec : IValueCodec<T>
{
    /// <summary>The schema of the values.</summary>
    /// <exception cref="PipelineException">The name given by the codec is not a valid schema.</exception>
    public static string Schema
    {
        get
        {
            var schema = TCodec.Schema;
            if (string.IsNullOrEmpty(schema)
                || schema.Any(static character => !char.IsAsciiLetterOrDigit(character)
                    && !"._-/".Contains(character, StringComparison.Ordinal)))
            {
                throw new PipelineException(
                    ErrorCodes.CodecName,
                    $"The codec {typeof(TCodec)} calls its format '{schema}': use letters, digits, and any of . _ - /, such as \"uri/1\".");
            }

            return default(T) is null ? $"codec<{schema}>?" : $"codec<{schema}>";
        }
    }

    /// <summary>Indicates whether, according to the codec, values can be changed in place.</summary>
    public static bool IsMutable => TCodec.IsMutable;

    /// <summary>Serializes a value or null.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value.</param>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in T? value)
        where TBuffer : class, IBufferWriter<byte>
    {
        if (default(T) is null)
        {
            writer.WriteUnmanaged(value is not null);
        }

        if (value is not null)
        {
            var bytes = OpaqueBytes.Rent();
            var inner = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, writer.OptionalState);
            TCodec.Write(ref inner, in value);
            inner.Flush();
            OpaqueBytes.WriteAndReturn(ref writer, bytes);
        }
    }

    /// <summary>Deserializes a value or null.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    /// <exception cref="PipelineException">The codec cannot read what it wrote.</exception>
    public static T? Read(ref MemoryPackReader reader)
    {
        if ((default(T) is null && !reader.ReadUnmanaged<bool>()) || !OpaqueBytes.TryBegin(ref reader, out var end))
        {
            return default;
        }

        var value = TCodec.Read(ref reader);
        OpaqueBytes.CheckEnd(ref reader, end, typeof(TCodec));
        return value;
    }

    /// <summary>Copies a value without sharing mutable memory.</summary>
    /// <param name="value">The value.</param>
    /// <returns>An equal value.</returns>
    public static T? Detach(T? value) => value is not null && TCodec.IsMutable ? TCodec.Detach(value) : value;
}

/// <summary>Serializes values with MemoryPack.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PackableCodec<T>
    where T : IMemoryPackable<T>
{
    /// <summary>Serializes a value or null.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value.</param>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in T? value)
        where TBuffer : class, IBufferWriter<byte>
    {
        var bytes = OpaqueBytes.Rent();
        var inner = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, writer.OptionalState);
        inner.WritePackable(value);
        inner.Flush();
        OpaqueBytes.WriteAndReturn(ref writer, bytes);
    }

    /// <summary>Deserializes a value or null.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    /// <exception cref="PipelineException">MemoryPack cannot read what it wrote for the type.</exception>
    public static T? Read(ref MemoryPackReader reader)
    {
        if (!OpaqueBytes.TryBegin(ref reader, out var end))
        {
            return default;
        }

        var value = reader.ReadPackable<T>();
        OpaqueBytes.CheckEnd(ref reader, end, typeof(T));
        return value;
    }
}

/// <summary>
/// Bytes that only a codec or MemoryPack can read, preceded by their length, so that they can be skipped if the program no longer has the
/// codec.
/// </summary>
internal static class OpaqueBytes
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    public static ArrayBufferWriter<byte> Rent()
    {
        var bytes = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        return bytes;
    }

    public static void WriteAndReturn<TBuffer>(ref MemoryPackWriter<TBuffer> writer, ArrayBufferWriter<byte> bytes)
        where TBuffer : class, IBufferWriter<byte>
    {
        writer.WriteUnmanagedSpan(bytes.WrittenSpan);
        bytes.ResetWrittenCount();
        _spare = bytes;
    }

    /// <summary>Reads the length of the bytes.</summary>
    /// <returns><c>false</c> if there are none: the default value of a field that was not saved.</returns>
    public static bool TryBegin(ref MemoryPackReader reader, out long end)
    {
        var length = reader.ReadUnmanaged<int>();
        end = (long)reader.Consumed + length;
        return length >= 0;
    }

    public static void CheckEnd(ref MemoryPackReader reader, long end, Type codec)
    {
        if (reader.Consumed != end)
        {
            throw new PipelineException(
                ErrorCodes.CodecMismatch,
                $"{codec} has read {reader.Consumed - end:+#;-#} bytes of a saved value more than it once wrote. Its format has changed: "
                    + $"give the format another name in Schema, and convert the old one with [StateUpgrade].");
        }
    }
}
