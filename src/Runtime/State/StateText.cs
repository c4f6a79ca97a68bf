using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.State;

/// <summary>Writes text that may be any sequence of characters.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StateText
{
    /// <summary>Writes a text or null; <see cref="MemoryPackReader.ReadString"/> reads it.</summary>
    /// <remarks>
    /// MemoryPack writes UTF-8, and fails on half a surrogate pair, such as is left where an emoji is cut in two. Text with surrogates is
    /// written as UTF-16, which its reader tells apart.
    /// </remarks>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The text.</param>
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
