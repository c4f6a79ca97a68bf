using System.Buffers;
using MemoryPack;

namespace Penstock;

/// <summary>
/// Writes and reads the values of a type that Penstock cannot save by itself. Name the codec with <see cref="StateCodecAttribute"/>, on the
/// type or on the member that holds it.
/// </summary>
/// <remarks>It never sees null: that is written for it. Make it a struct, so that its methods are called directly.</remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IValueCodec<T>
{
    /// <summary>
    /// The name and version of the format, such as <c>uri/1</c>: letters, digits, and any of <c>. _ - /</c>. State that was saved by
    /// another one does not fit.
    /// </summary>
    static abstract string Schema { get; }

    /// <summary>Whether values can be changed in place, so that a checkpoint needs a copy; true unless the codec says otherwise.</summary>
    static virtual bool IsMutable => true;

    /// <summary>Writes a value.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value, not null.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in T value)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Reads a value back.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value, not null.</returns>
    static abstract T Read(ref MemoryPackReader reader);

    /// <summary>Makes a copy that shares no memory which may be changed; called only where <see cref="IsMutable"/>.</summary>
    /// <param name="value">The value, not null.</param>
    /// <returns>An equal value.</returns>
    static abstract T Detach(T value);
}
