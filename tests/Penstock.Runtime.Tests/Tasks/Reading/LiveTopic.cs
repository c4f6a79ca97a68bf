using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>The input of streaming sources in tests: splits to which rows are added while the pipeline runs. It outlives crashes.</summary>
internal sealed class LiveTopic<T>
{
    private readonly List<LiveSplit> _splits = [];
    private readonly List<LiveSource> _sources = [];
    private long _arrivals;

    /// <summary>Whether more splits may be added.</summary>
    public bool IsUnbounded { get; set; } = true;

    /// <summary>Whether the source knows that it has read all existing rows; a broker that does not answer gives no information.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>
    /// Whether the source names the reader of a split that has ended until the engine disposes it, as a source does whose data continue
    /// behind the end.
    /// </summary>
    public bool NamesEnded { get; set; }

    /// <summary>The reported checkpoints: splits, and how far they were read.</summary>
    public List<string> Completed { get; } = [];

    /// <summary>The splits that were opened because they are new.</summary>
    public List<string> OpenedNew { get; } = [];

    /// <summary>The source object that read each split.</summary>
    public List<(int Source, string Split)> Opened { get; } = [];

    /// <summary>Adds splits. Running sources find them when they are notified.</summary>
    public void Add(params string[] ids) => _splits.AddRange(ids.Select(static id => new LiveSplit(id)));

    /// <summary>Adds rows to a split, and notifies the sources unless the test does this itself.</summary>
    public void Send(string split, params ReadOnlySpan<T> rows)
    {
        SendSilently(split, rows);
        _sources.ForEach(static source => source.Available());
    }

    public void SendSilently(string split, params ReadOnlySpan<T> rows)
    {
        foreach (var row in rows)
        {
            Find(split).Rows.Add((_arrivals++, row));
        }
    }

    /// <summary>Ends a split.</summary>
    public void End(string split) => Find(split).HasEnded = true;

    /// <summary>Notifies the sources of new splits.</summary>
    public void Announce(params string[] ids)
    {
        foreach (var source in _sources)
        {
            source.Found = [.. ids.Select(static id => new SourceSplit(id))];
            source.Available();
        }
    }

    /// <summary>Removes the sources of an attempt that has ended.</summary>
    public void Crash() => _sources.Clear();

    public IStreamingSource<T> NewSource()
    {
        var source = new LiveSource(this, _sources.Count);
        _sources.Add(source);
        return source;
    }

    private LiveSplit Find(string id) => _splits.Find(split => split.Id == id)!;

    private sealed class LiveSplit(string id)
    {
        public string Id => id;

        public List<(long Arrival, T Row)> Rows { get; } = [];

        public bool HasEnded { get; set; }
    }

    private sealed class LiveSource(LiveTopic<T> topic, int number) : IStreamingSource<T>
    {
        private readonly List<LiveReader> _readers = [];

        public Action Available { get; private set; } = static () => { };

        public IReadOnlyList<SourceSplit> Found { get; set; } = [];

        public string PositionName => "row";

        public bool IsUnbounded => topic.IsUnbounded;

        public IReadOnlyList<SourceSplit> Discover() => [.. topic._splits.Select(static split => new SourceSplit(split.Id))];

        // The splits have the names s0, s1 and so on.
        public int SlotOf(SourceSplit split) => int.Parse(split.Id.AsSpan(1), CultureInfo.InvariantCulture);

        public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
            Add(split, position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position));

        public ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows)
        {
            topic.OpenedNew.Add(split.Id);
            return Add(split, 0);
        }

        public void Start(Action available) => Available = available;

        public ISplitReader<T>? Next()
        {
            LiveReader? next = null;
            foreach (var reader in _readers)
            {
                next = reader.Arrival < (next?.Arrival ?? long.MaxValue) ? reader : next;
            }

            return next;
        }

        public long NextOfOthers(LiveReader reader)
        {
            var next = long.MaxValue;
            foreach (var other in _readers)
            {
                next = other != reader ? Math.Min(next, other.Arrival) : next;
            }

            return next;
        }

        public IReadOnlyList<SourceSplit> TakeNewSplits()
        {
            var found = Found;
            Found = [];
            return found;
        }

        public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions) =>
            topic.Completed.AddRange(
                positions.Select(static position =>
                    $"{position.Split.Id}:{(position.Position.Length == 0 ? "end" : BinaryPrimitives.ReadInt32LittleEndian(position.Position))}"));

        public void Dispose()
        {
            // There are no resources.
        }

        private LiveReader Add(SourceSplit split, int next)
        {
            topic.Opened.Add((number, split.Id));
            var reader = new LiveReader(topic, this, topic.Find(split.Id), next);
            _readers.Add(reader);
            return reader;
        }
    }

    private sealed class LiveReader(LiveTopic<T> topic, LiveSource source, LiveSplit split, int next) : ISplitReader<T>
    {
        private int _next = next;
        private bool _isDisposed;

        public long Arrival => _next < split.Rows.Count ? split.Rows[_next].Arrival
            : topic.NamesEnded && split.HasEnded && !_isDisposed ? -1
            : long.MaxValue;

        public ReadStatus Read(RowAppender<T> rows)
        {
            var others = source.NextOfOthers(this);
            while (rows.Free > 0 && _next < split.Rows.Count && split.Rows[_next].Arrival < others)
            {
                rows.Append(split.Rows[_next++].Row);
            }

            return _next < split.Rows.Count
                ? ReadStatus.More
                : split.HasEnded ? ReadStatus.Ended : topic.IsReachable ? ReadStatus.CaughtUp : ReadStatus.More;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), _next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => $"{split.Id}, row {index}";

        public void Dispose() => _isDisposed = true;
    }
}
