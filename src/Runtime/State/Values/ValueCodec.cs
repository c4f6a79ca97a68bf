using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;
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
            using var numbers = MemoryPackWriterOptionalStatePool.Rent(writer.Options);
            var bytes = OpaqueBytes.Rent();
            var inner = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, numbers);
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
        if ((default(T) is null && !reader.ReadUnmanaged<bool>()) || !OpaqueBytes.TryBegin(ref reader, out var bytes))
        {
            return default;
        }

        using var numbers = MemoryPackReaderOptionalStatePool.Rent(reader.Options);
        var inner = new MemoryPackReader(bytes, numbers);
        try
        {
            var value = TCodec.Read(ref inner);
            OpaqueBytes.End(ref reader, bytes.Length, inner.Consumed, typeof(TCodec));
            return value;
        }
        catch (MemoryPackSerializationException error)
        {
            throw OpaqueBytes.Unreadable(bytes.Length, typeof(TCodec), error);
        }
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
        using var numbers = MemoryPackWriterOptionalStatePool.Rent(writer.Options);
        var bytes = OpaqueBytes.Rent();
        var inner = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref bytes, numbers);
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
        if (!OpaqueBytes.TryBegin(ref reader, out var bytes))
        {
            return default;
        }

        using var numbers = MemoryPackReaderOptionalStatePool.Rent(reader.Options);
        var inner = new MemoryPackReader(bytes, numbers);
        try
        {
            var value = inner.ReadPackable<T>();
            OpaqueBytes.End(ref reader, bytes.Length, inner.Consumed, typeof(T));
            return value;
        }
        catch (MemoryPackSerializationException error)
        {
            throw OpaqueBytes.Unreadable(bytes.Length, typeof(T), error);
        }
    }
}

/// <summary>
/// Bytes that only a codec or MemoryPack can read, preceded by their length, so that they can be skipped if the program no longer has the
/// codec.
/// </summary>
/// <remarks>
/// Each value is written and read with an own state of MemoryPack, because the state numbers the objects to which a value may refer. Values
/// that are written by one writer may be read by several readers, and the other way round: with common numbers, a value would refer to an
/// object of another one.
/// </remarks>
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

    /// <summary>Finds the bytes, in which the reader then stands.</summary>
    /// <returns><c>false</c> if there are none: the default value of a field that was not saved.</returns>
    public static bool TryBegin(ref MemoryPackReader reader, out ReadOnlySpan<byte> bytes)
    {
        var length = reader.ReadUnmanaged<int>();
        bytes = length < 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref reader.GetSpanReference(length), length);
        return length >= 0;
    }

    /// <summary>Passes over the bytes.</summary>
    /// <exception cref="PipelineException">They were not read to their end.</exception>
    public static void End(ref MemoryPackReader reader, int length, int read, Type codec)
    {
        if (read != length)
        {
            throw Changed(codec, $"has read {read} of the {length} bytes of a saved value", null);
        }

        reader.Advance(length);
    }

    /// <summary>The error for bytes that cannot be read, or that end early.</summary>
    public static PipelineException Unreadable(int length, Type codec, MemoryPackSerializationException error) =>
        Changed(codec, $"cannot read a saved value of {length} bytes ({error.Message.TrimEnd('.')})", error);

    private static PipelineException Changed(Type codec, string problem, Exception? error) => new(
        ErrorCodes.CodecMismatch,
        $"{codec} {problem}. Its format has changed: give the format another name in Schema, and convert the old one with [StateUpgrade].",
        error);
}
