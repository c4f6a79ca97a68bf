using System.Buffers;
using MemoryPack;

namespace Penstock;

/// <summary>
/// Serializes the values of a type that Penstock cannot save itself. Specify the codec with <see cref="StateCodecAttribute"/>, on the type
/// or on the member that holds the value.
/// </summary>
/// <remarks>Null is handled by the caller and never passed to the codec. Implement it with a struct, so that calls are direct.</remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IValueCodec<T>
{
    /// <summary>
    /// The name and version of the format, such as <c>uri/1</c>: letters, digits, and the characters <c>. _ - /</c>. State that was saved
    /// with another schema cannot be restored.
    /// </summary>
    static abstract string Schema { get; }

    /// <summary>Indicates whether values can be changed in place, so that a checkpoint needs a copy. Default: <c>true</c>.</summary>
    static virtual bool IsMutable => true;

    /// <summary>Serializes a value.</summary>
    /// <typeparam name="TBuffer">The type of the buffer.</typeparam>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The value, not null.</param>
    static abstract void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in T value)
        where TBuffer : class, IBufferWriter<byte>;

    /// <summary>Deserializes a value.</summary>
    /// <param name="reader">The reader.</param>
    /// <returns>The value, not null.</returns>
    static abstract T Read(ref MemoryPackReader reader);

    /// <summary>Copies a value without sharing mutable memory. Called only if <see cref="IsMutable"/> is <c>true</c>.</summary>
    /// <param name="value">The value, not null.</param>
    /// <returns>An equal value.</returns>
    static abstract T Detach(T value);
}
