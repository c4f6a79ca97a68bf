using Confluent.Kafka;
using Penstock.Formats;

namespace Penstock.Kafka.Sources;

/// <summary>What an entry of a block says.</summary>
internal enum EntryKind : byte
{
    Message,

    /// <summary>The partition has no more messages for now.</summary>
    AtEnd,
}

/// <summary>An entry of a block: a message, or that a partition is at its end.</summary>
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
/// Messages on their way from the thread that consumes them to the subtask that reads them: their bytes one after the other, each value
/// with a line end behind it, as the readers of text want it. Blocks are used again.
/// </summary>
internal sealed class MessageBlock
{
    private const int MaxEntries = 4096;
    private const int UsualSize = 512 * 1024;

    // One very long message must not make every block large for ever.
    private const int KeptSize = 4 * UsualSize;

    private Entry[] _entries = new Entry[MaxEntries];
    private int _filled;

    public byte[] Data { get; private set; } = new byte[UsualSize + MessageFields.Slack];

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The next entry to be read.</summary>
    public int At { get; set; }

    /// <summary>Whether no more should be added.</summary>
    public bool IsFull => Count == MaxEntries || _filled >= UsualSize;

    /// <summary>The entry at <see cref="At"/>.</summary>
    public ref Entry Current => ref _entries[At];

    /// <summary>Adds an entry.</summary>
    public ref Entry Add()
    {
        if (Count == _entries.Length)
        {
            // The search for the ends of partitions does not check whether the block is full.
            Array.Resize(ref _entries, Count * 2);
        }

        ref var entry = ref _entries[Count++];
        entry = default;
        return ref entry;
    }

    /// <summary>Adds bytes, with a line end behind them.</summary>
    /// <returns>Where they begin.</returns>
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
        // Only the headers of messages are objects; there mostly are none.
        Array.Clear(_entries, 0, Count);
        (Count, At, _filled) = (0, 0, 0);
        if (Data.Length > KeptSize)
        {
            Data = new byte[UsualSize + MessageFields.Slack];
        }
    }

    private byte[]? Bytes(int start, int length) => length < 0 ? null : Data.AsSpan(start, length).ToArray();
}
