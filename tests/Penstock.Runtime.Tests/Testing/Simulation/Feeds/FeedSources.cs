using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;

namespace Penstock.Runtime.Tests.Testing.Simulation.Feeds;

/// <summary>A source that stays open, and is polled for rides.</summary>
internal sealed class AskedFeedSource(Feeds feeds) : ISource<Ride>
{
    public IReadOnlyList<SourceSplit> Discover() => [.. feeds.Asked.Parts.Select(static part => new SourceSplit(part.Id))];

    public ISplitReader<Ride> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new FeedReader(feeds.Asked.Parts.Find(part => part.Id == split.Id)!, position);
}

/// <summary>A source that stays open, wakes the pipeline when rides are added, and finds new parts.</summary>
internal sealed class WakingFeedSource(Feeds feeds) : IStreamingSource<Ride>
{
    private readonly List<FeedReader> _readers = [];
    private int _known;

    public bool IsUnbounded => true;

    public IReadOnlyList<SourceSplit> Discover()
    {
        _known = feeds.Waking.Parts.Count;
        return [.. feeds.Waking.Parts.Select(static part => new SourceSplit(part.Id))];
    }

    public int SlotOf(SourceSplit split) => int.Parse(split.Id.AsSpan(1), CultureInfo.InvariantCulture);

    public ISplitReader<Ride> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var reader = new FeedReader(feeds.Waking.Parts.Find(part => part.Id == split.Id)!, position);
        _readers.Add(reader);
        return reader;
    }

    public ISplitReader<Ride> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => Open(split, [], badRows);

    public void Start(Action available) => feeds.Waking.Tell(available);

    public ISplitReader<Ride>? Next() => _readers.Find(static reader => reader.HasMore);

    public IReadOnlyList<SourceSplit> TakeNewSplits()
    {
        var parts = feeds.Waking.Parts;
        var found = parts.Skip(_known).Select(static part => new SourceSplit(part.Id)).ToList();
        _known = parts.Count;
        return found;
    }

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        // A feed keeps all rides.
    }

    public void Dispose()
    {
        // There are no resources.
    }
}

/// <summary>Reads a part. The position is the number of the next ride.</summary>
internal sealed class FeedReader(FeedPart part, ReadOnlySpan<byte> position) : ISplitReader<Ride>
{
    private int _next = position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position);

    public bool HasMore => _next < part.Rides.Count;

    public ReadStatus Read(RowAppender<Ride> rows)
    {
        while (rows.Free > 0 && HasMore)
        {
            rows.Append(part.Rides[_next++]);
        }

        return HasMore ? ReadStatus.More : ReadStatus.CaughtUp;
    }

    public void SavePosition(IBufferWriter<byte> position)
    {
        BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), _next);
        position.Advance(sizeof(int));
    }

    public string Describe(int index) => $"{part.Id}, ride {index}";

    public void Dispose()
    {
        // There are no resources.
    }
}
