using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>Writes strings that may contain any sequence of characters.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StateText
{
    /// <summary>Writes a string or null; <see cref="MemoryPackReader.ReadString"/> reads it.</summary>
    /// <remarks>
    /// MemoryPack writes UTF-8 and fails on an unpaired surrogate, such as half of an emoji. A string with surrogates is therefore written
    /// as UTF-16, which the reader detects.
    /// </remarks>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The string, or null.</param>
    public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, string? value)
        where TBuffer : class, IBufferWriter<byte>
    {
        if (value.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            writer.WriteUtf16(value!);
        }
        else
        {
            writer.WriteString(value);
        }
    }
}
