using System.Buffers;
using MemoryPack;

namespace Penstock.Sources;

/// <summary>The progress of a split in a checkpoint.</summary>
internal sealed record SavedSplit(
    string Id,
    string Fingerprint,
    bool HasBegun,
    bool HasEnded,
    long MaxTime,
    long Watermark,
    byte[] Position)
{
    // A split that has ended needs no position.
    private static readonly byte[] Gone = [1];

    /// <summary>Indicates whether the split had ended, and its data was gone, when the attempt started that took the checkpoint.</summary>
    public bool WasGone => HasEnded && Position.Length > 0;

    /// <summary>Returns the split, which has ended, as one whose data is gone.</summary>
    public SavedSplit AsGone() => this with { Position = Gone };
}

/// <summary>Writes and reads the progress of splits.</summary>
internal static class SplitProgressCodec
{
    public const string Schema =
        "splits{Id:string;Fingerprint:string;HasBegun:bool;HasEnded:bool;MaxTime:int64;Watermark:int64;Position:bytes}";

    public static byte[] Write(IReadOnlyCollection<SavedSplit> splits)
    {
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, state);
        writer.WriteUnmanaged(splits.Count);
        foreach (var split in splits)
        {
            writer.WriteString(split.Id);
            writer.WriteString(split.Fingerprint);
            writer.WriteUnmanaged(split.HasBegun, split.HasEnded);
            writer.WriteUnmanaged(split.MaxTime, split.Watermark);
            writer.WriteUnmanagedArray(split.Position);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static List<SavedSplit> Read(in ReadOnlySequence<byte> saved)
    {
        using var state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(saved, state);
        reader.ReadUnmanaged(out int count);
        var splits = new List<SavedSplit>(count);
        for (var index = 0; index < count; index++)
        {
            var id = reader.ReadString()!;
            var fingerprint = reader.ReadString()!;
            reader.ReadUnmanaged(out bool begun, out bool ended);
            reader.ReadUnmanaged(out long maxTime, out long watermark);
            splits.Add(new SavedSplit(id, fingerprint, begun, ended, maxTime, watermark, reader.ReadUnmanagedArray<byte>()!));
        }

        reader.Dispose();
        return splits;
    }
}
