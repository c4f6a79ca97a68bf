using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// A log of entry images, in the order in which they were taken. One thread appends while another one reads the published images. Its
/// memory is reused for the next freeze, because the images of a busy table are a significant part of its size.
/// </summary>
/// <param name="memory">The memory account, or null for none.</param>
internal sealed class ImageLog<T>(StateMemory? memory)
{
    private const int ChunkSize = 256;

    private T[][] _chunks = [];
    private int _count;

    /// <summary>The memory of the images, in bytes.</summary>
    public long Bytes { get; private set; }

    public void Append(in T image)
    {
        var count = _count;
        var (chunk, offset) = Math.DivRem(count, ChunkSize);
        if (chunk == _chunks.Length)
        {
            // The reader may hold the old directory, which is not changed.
            var larger = new T[Math.Max(4, chunk * 2)][];
            _chunks.CopyTo(larger, 0);
            Volatile.Write(ref _chunks, larger);
        }

        (_chunks[chunk] ??= NewChunk())[offset] = image;
        Volatile.Write(ref _count, count + 1);
    }

    private T[] NewChunk()
    {
        var bytes = ChunkSize * (long)Unsafe.SizeOf<T>();
        memory?.Add(bytes, 0);
        Bytes += bytes;
        return GC.AllocateUninitializedArray<T>(ChunkSize);
    }

    /// <summary>Removes all images. Not allowed while they are read.</summary>
    public void Clear()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            foreach (var chunk in _chunks.Take((_count + ChunkSize - 1) / ChunkSize))
            {
                Array.Clear(chunk);
            }
        }

        _count = 0;
    }

    /// <summary>Visits all images published so far.</summary>
    public void Read<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IImageVisitor<T>
    {
        var count = Volatile.Read(ref _count);
        var chunks = Volatile.Read(ref _chunks);
        for (var read = 0; read < count; read += ChunkSize)
        {
            visitor.Visit(chunks[read / ChunkSize].AsSpan(0, Math.Min(ChunkSize, count - read)));
        }
    }
}

/// <summary>Visits images.</summary>
internal interface IImageVisitor<T>
{
    /// <summary>Visits the next images; possibly none. Whether their order matters depends on the source.</summary>
    void Visit(ReadOnlySpan<T> images);
}
