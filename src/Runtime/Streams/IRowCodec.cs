using System.Buffers;
using System.ComponentModel;
using MemoryPack;

namespace Penstock.Streams;

/// <summary>
/// Serializes the rows of a stream for another process, or to keep them in memory. Implemented by generated structs, so that the JIT
/// resolves every call.
/// </summary>
/// <typeparam name="TRow">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowCodec<TRow>
{
    /// <summary>The size in bytes of all members of a row if they are all numbers; otherwise 0.</summary>
    static virtual int BlittableSize => 0;

    /// <summary>
    /// If <see cref="BlittableSize"/> is 0, the size in bytes of all members of a row; 0 if one of them is text, a collection or an object.
    /// </summary>
    static virtual int FixedSize => 0;

    /// <summary>Writes a row.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="row">The row.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in TRow row)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Reads a row.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The row.</returns>
    static abstract TRow Read(ref MemoryPackReader reader);
}
