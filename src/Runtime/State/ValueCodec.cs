using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>Calls the codec of a value, and handles null for it.</summary>
/// <typeparam name="TCodec">The codec.</typeparam>
/// <typeparam name="T">The type of the values.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ValueCodec<TCodec, T>
    where TCodec : IValueCodec<T>
{
    /// <summary>The schema of the values.</summary>
    /// <exception cref="PipelineException">The codec calls it what no schema can be called.</exception>
    public static string Schema
    {
        get
        {
            var schema = TCodec.Schema;
            if (string.IsNullOrEmpty(schema) || schema.Any(static character => !char.IsAsciiLetterOrDigit(character) && !"._-/".Contains(character, StringComparison.Ordinal)))
            {
                throw new PipelineException($"The codec {typeof(TCodec)} calls its format '{schema}': use letters, digits, and any of . _ - /, such as \"uri/1\".");
            }

            return default(T) is null ? $"codec<{schema}>?" : $"codec<{schema}>";
        }
    }

    /// <summary>Whether the codec says that values can be changed in place.</summary>
    public static bool IsMutable => TCodec.IsMutable;

    /// <summary>Writes a value or null.</summary>
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
            TCodec.Write(ref writer, in value);
        }
    }

    /// <summary>Reads a value or null.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value.</returns>
    public static T? Read(ref MemoryPackReader reader) =>
        default(T) is not null || reader.ReadUnmanaged<bool>() ? TCodec.Read(ref reader) : default;

    /// <summary>Makes a copy that shares no memory which may be changed.</summary>
    /// <param name="value">The value.</param>
    /// <returns>An equal value.</returns>
    public static T? Detach(T? value) => value is not null && TCodec.IsMutable ? TCodec.Detach(value) : value;
}
