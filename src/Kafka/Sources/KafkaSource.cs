using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Kafka.Sources;

/// <summary>Reads rows from the partitions of topics, with one consumer per subtask.</summary>
internal sealed class KafkaSource<T, TReader> : IStreamingSource<T>
    where TReader : struct, IMessageReader<T>
{
    private const int Misses = 5;

    private readonly KafkaSourceSettings _settings;
    private readonly SourceContext _context;
    private readonly TopicDirectory _directory;
    private readonly Lazy<ConsumeLoop> _loop;
    private readonly List<KafkaSplitReader<T, TReader>> _readers = [];
    private readonly ConcurrentQueue<IReadOnlyList<SourceSplit>> _found = new();
    private readonly ConcurrentDictionary<TopicPartition, SourceSplit> _reading = new();
    private readonly ConcurrentDictionary<string, PartitionPosition> _firsts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = [];
    private int _misses;
    private bool _hasLooked;
    private MessageBlock? _block;

    /// <summary>Creates the source.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="context">The context.</param>
    /// <param name="delimiter">The character between the fields of CSV values.</param>
    public KafkaSource(KafkaSourceSettings settings, SourceContext context, byte delimiter = (byte)',')
    {
        (_settings, _context) = (settings, context);
        _directory = new TopicDirectory(settings);
        Needs = new RequiredMessageFields(TReader.Metadata, settings.KeepsBadMessages);
        Fields = new MessageFields(TReader.Columns, TReader.Metadata) { Delimiter = delimiter };
        _loop = new Lazy<ConsumeLoop>(() => new ConsumeLoop(settings, Needs, context.Subtask, context.Log, context.Health));
    }

    public string PositionName => "offset";

    public bool IsUnbounded => _settings.IsUnbounded;

    public RequiredMessageFields Needs { get; }

    public MessageFields Fields { get; }

    /// <summary><c>true</c> if messages that cannot be read are kept unchanged.</summary>
    public bool KeepsBadMessages => _settings.KeepsBadMessages;

    /// <summary><c>true</c> if the brokers answer.</summary>
    public bool IsKnown => _loop.Value.IsKnown;

    public IReadOnlyList<SourceSplit> Discover() => _directory.List();

    public int SlotOf(SourceSplit split) => KafkaSplit.SlotOf(split);

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var partition = KafkaSplit.Parse(split);
        return Add(split, partition, position.IsEmpty
            ? _loop.Value.Bounds.First(partition)
            : _loop.Value.Bounds.Check(partition, PartitionPosition.Read(split.Id, position)), badRows);
    }

    public ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows)
    {
        var partition = KafkaSplit.Parse(split);

        // A bounded job has an end offset for each of its partitions; a new partition would have none.
        return IsUnbounded
            ? Add(split, partition, _firsts.TryGetValue(split.Id, out var first) ? first : _loop.Value.Bounds.OfNew(partition), badRows)
            : Add(split, partition, new PartitionPosition(0, 0), badRows);
    }

    public void Start(Action available) => _loop.Value.Start(available, Look);

    public ISplitReader<T>? Next()
    {
        while (true)
        {
            if (_block == null && (_block = _loop.Value.Take()) == null)
            {
                return null;
            }

            for (; _block.At < _block.Count; _block.At++)
            {
                var reader = _readers[_block.Current.Partition];
                if (reader.IsClosed)
                {
                    continue;
                }

                if (_block.Current.Kind == EntryKind.Message)
                {
                    return reader;
                }

                reader.RecordEnd(_block.Current.Offset);
            }

            _loop.Value.Return(_block);
            _block = null;
        }
    }

    /// <summary>Returns the block of the next message, if that message belongs to the partition.</summary>
    public bool TryPeek(int partition, [NotNullWhen(true)] out MessageBlock? block)
    {
        block = _block;
        return block != null
            && block.At < block.Count
            && block.Current is { Kind: EntryKind.Message } entry
            && entry.Partition == partition;
    }

    public IReadOnlyList<SourceSplit> TakeNewSplits() => _found.TryDequeue(out var found) ? found : [];

    public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions)
    {
        if (_settings.CommitOffsets && positions.Count > 0)
        {
            _loop.Value.Commit([.. positions.Where(static position => position.Position.Length > 0).Select(static position =>
                new TopicPartitionOffset(
                    KafkaSplit.Parse(position.Split),
                    PartitionPosition.Read(position.Split.Id, position.Position).Next))]);
        }
    }

    public void Close(TopicPartition partition)
    {
        _reading.TryRemove(partition, out _);
        _loop.Value.Remove(partition);
    }

    public void Dispose()
    {
        if (_loop.IsValueCreated)
        {
            _loop.Value.Dispose();
        }
    }

    private KafkaSplitReader<T, TReader> Add(
        SourceSplit split,
        TopicPartition partition,
        PartitionPosition position,
        IBadRowHandler badRows)
    {
        var index = _loop.Value.Add(partition, position.Next);
        var reader = new KafkaSplitReader<T, TReader>(this, partition, index, position, badRows);
        _readers.Add(reader);
        _reading[partition] = split;
        return reader;
    }

    // Runs on the watch thread. The first listing contains the partitions that the job already has, and possibly new ones.
    private bool Look()
    {
        try
        {
            var there = _directory.List();
            CheckDiscovered(there);
            var isComplete = !IsUnbounded || _settings.DiscoveryInterval == TimeSpan.Zero || AddNewSplits(there);
            _misses = 0;
            return isComplete;
        }
        catch (Exception error) when (error is IOException || (error is PipelineException && ++_misses < Misses))
        {
            // A broker that has just started may not know its topics yet, so a missing topic is looked up several times, a second apart.
            _context.Log.NotDiscovered(_settings.Place, error.Message);
            return error is not PipelineException;
        }
    }

    // Queries the first offsets of new partitions here, because the subtask must not wait for the brokers.
    private bool AddNewSplits(IReadOnlyList<SourceSplit> there)
    {
        var found = there.Where(split => !_known.Contains(split.Id)).ToList();
        List<SourceSplit> unread = [.. found.Where(split => !_reading.ContainsKey(KafkaSplit.Parse(split)) && IsMine(split))];
        if (_loop.Value.Bounds.TryFindNew([.. unread.Select(KafkaSplit.Parse)]) is not { } firsts)
        {
            return false;
        }

        foreach (var (split, first) in unread.Zip(firsts))
        {
            _firsts[split.Id] = first;
        }

        _known.UnionWith(found.Select(static split => split.Id));
        if (found.Count > 0)
        {
            if (_hasLooked && _context.Subtask == 0)
            {
                _context.Log.NewPartitions(_settings.Place, string.Join(", ", found.Select(static split => split.Id)));
            }

            _found.Enqueue(found);
        }

        _hasLooked = true;
        return true;
    }

    private bool IsMine(SourceSplit split) => SlotOf(split) % _context.Parallelism == _context.Subtask;

    private void CheckDiscovered(IReadOnlyList<SourceSplit> there)
    {
        var fingerprints = there.ToDictionary(static split => split.Id, static split => split.Fingerprint, StringComparer.Ordinal);
        foreach (var (partition, split) in _reading)
        {
            if (!fingerprints.TryGetValue(split.Id, out var fingerprint))
            {
                throw new SourceChangedException(
                    $"{_settings.Place}: '{split.Id}' no longer exists: the topic '{partition.Topic}' was deleted while it was read. "
                        + $"Restore it, or start over with an empty checkpoint folder and an empty output.",
                    KafkaErrorCodes.TopicReplaced);
            }

            // Old brokers do not report topic ids.
            if (fingerprint.Length > 0 && split.Fingerprint.Length > 0 && fingerprint != split.Fingerprint)
            {
                throw new SourceChangedException(
                    $"{_settings.Place}: the topic '{partition.Topic}' was deleted and recreated while it was read. To read the new "
                        + $"one, start over with an empty checkpoint folder and an empty output.",
                    KafkaErrorCodes.TopicReplaced);
            }
        }
    }
}
