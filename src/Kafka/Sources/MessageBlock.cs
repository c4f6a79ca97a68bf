using Confluent.Kafka;
using Penstock.Formats;

namespace Penstock.Kafka.Sources;

/// <summary>The kind of a block entry.</summary>
internal enum EntryKind : byte
{
    Message,

    /// <summary>The partition has no more messages for now.</summary>
    AtEnd,
}

/// <summary>A block entry: a message, or a notice that a partition is at its end.</summary>
internal struct Entry
{
    public EntryKind Kind;
    public int Partition;
    public long Offset;
    public long Timestamp;
    public int KeyStart;
    public int KeyLength;
    public int ValueStart;
    public int ValueLength;
    public Headers? Headers;
}

/// <summary>
/// A buffer of messages that the consuming thread passes to the subtask. The bytes of the messages follow each other, and each value is
/// followed by a line end, which the text readers require. Blocks are reused.
/// </summary>
internal sealed class MessageBlock
{
    private const int MaxEntries = 4096;
    private const int UsualSize = 512 * 1024;

    // A block that grew for a very long message is not kept at that size.
    private const int KeptSize = 4 * UsualSize;

    private Entry[] _entries = new Entry[MaxEntries];
    private int _filled;

    public byte[] Data { get; private set; } = new byte[UsualSize + MessageFields.Slack];

    /// <summary>The number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>The index of the next entry to read.</summary>
    public int At { get; set; }

    /// <summary><c>true</c> if no more entries should be added.</summary>
    public bool IsFull => Count == MaxEntries || _filled >= UsualSize;

    /// <summary>The entry at <see cref="At"/>.</summary>
    public ref Entry Current => ref _entries[At];

    /// <summary>Adds an entry.</summary>
    public ref Entry Add()
    {
        if (Count == _entries.Length)
        {
            // End-of-partition entries are added without a check that the block is full.
            Array.Resize(ref _entries, Count * 2);
        }

        ref var entry = ref _entries[Count++];
        entry = default;
        return ref entry;
    }

    /// <summary>Appends bytes, followed by a line end.</summary>
    /// <returns>The start position of the bytes.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        var needed = _filled + bytes.Length + MessageFields.Slack;
        if (needed > Data.Length)
        {
            var larger = new byte[Math.Max(needed, Data.Length * 2)];
            Data.AsSpan(0, _filled).CopyTo(larger);
            Data = larger;
        }

        var start = _filled;
        bytes.CopyTo(Data.AsSpan(start));
        Data[start + bytes.Length] = (byte)'\n';
        _filled = start + bytes.Length + 1;
        return start;
    }

    /// <summary>Copies the message of an entry.</summary>
    public BadMessage Copy(in Entry entry) => new(
        Bytes(entry.KeyStart, entry.KeyLength),
        Bytes(entry.ValueStart, entry.ValueLength),
        entry.Timestamp,
        entry.Headers == null ? [] : [.. entry.Headers.Select(static header => new MessageHeader(header.Key, header.GetValueBytes()))]);

    /// <summary>Empties the block.</summary>
    public void Clear()
    {
        // Only message headers hold references; most messages have none.
        Array.Clear(_entries, 0, Count);
        (Count, At, _filled) = (0, 0, 0);
        if (Data.Length > KeptSize)
        {
            Data = new byte[UsualSize + MessageFields.Slack];
        }
    }

    private byte[]? Bytes(int start, int length) => length < 0 ? null : Data.AsSpan(start, length).ToArray();
}
