using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;

namespace Penstock.Kafka.Sources;

/// <summary>
/// The consumer of one subtask and the thread that waits for it. Messages go over in blocks: a block is handed over when it is full, or
/// when there is nothing more at the moment, or when the subtask has nothing to do and a few are there. So a single message is on its way
/// at once, and of many a whole block; nothing has to be switched between.
/// </summary>
internal sealed class ConsumeLoop : IDisposable
{
    private const int Blocks = 4;
    private const int WaitMilliseconds = 100;

    // So few that the first does not wait long for the last, so many that handing them over costs each of them nothing.
    private const int EnoughToBegin = 128;

    // The consumer assigns its partitions itself and is no member of the group, so that the broker expects no heartbeat.
    private const string LongestPoll = "86400000";

    // It may be waiting for an answer about the topics, which no broker gives.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReachPatience = TimeSpan.FromSeconds(5);

    private readonly KafkaSourceSettings _settings;
    private readonly ILogger _log;
    private readonly ConnectorHealth _health;
    private readonly IConsumer<NoPayload, NoPayload> _consumer;
    private readonly BlockingCollection<MessageBlock> _free = new(new ConcurrentQueue<MessageBlock>());
    private readonly ConcurrentQueue<MessageBlock> _ready = new();
    private readonly ConcurrentQueue<Action> _requests = new();
    private readonly PartitionTable _partitions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TopicWatch _watch;
    private readonly bool _tellsTopic;
    private readonly ClientName _client;
    private Thread? _thread;
    private Action _available = static () => { };
    private MessageBlock _target = new();
    private (int Start, int Length) _key;
    private (int Start, int Length) _value;
    private volatile bool _consumerIsWaiting;
    private volatile Exception? _failure;
    private volatile bool _isUnreachable;
    private volatile bool _isKnown = true;
    private string _reason = "";
    private bool _wasUnreachable;

    /// <summary>Creates the consumer.</summary>
    /// <param name="settings">What the source is to do.</param>
    /// <param name="needs">Which parts of a message the rows need.</param>
    /// <param name="subtask">The index of the subtask.</param>
    /// <param name="log">Where messages for people go.</param>
    /// <param name="health">Where it says that no broker answers.</param>
    public ConsumeLoop(KafkaSourceSettings settings, RequiredMessageFields needs, int subtask, ILogger log, ConnectorHealth health)
    {
        (_settings, _log, _health) = (settings, log, health);
        _watch = new TopicWatch(settings.LookInterval);
        _tellsTopic = settings.Pattern != null || settings.Topics.Length > 1;
        string[] fields = [.. needs.Fields, .. _tellsTopic ? ["topic"] : Array.Empty<string>()];
        var config = settings.Clients.Consumer(
            new()
            {
                ["isolation.level"] = "read_committed",
                ["fetch.queue.backoff.ms"] = "20",
                ["statistics.interval.ms"] = KafkaMetrics.Interval,
                ["max.poll.interval.ms"] = LongestPoll
            },
            new()
            {
                ["group.id"] = settings.GroupId,
                ["enable.auto.commit"] = "false",
                ["enable.auto.offset.store"] = "false",
                ["auto.offset.reset"] = "error",
                ["enable.partition.eof"] = "true",
                ["dotnet.consumer.consume.result.fields"] = fields.Length == 0 ? "none" : string.Join(',', fields),
            });
        _client = settings.Client with { Subtask = subtask };
        try
        {
            _consumer = new ConsumerBuilder<NoPayload, NoPayload>(config)
                .SetKeyDeserializer(new ByteTaker((bytes, isNull) => _key = Take(bytes, isNull)))
                .SetValueDeserializer(new ByteTaker((bytes, isNull) => _value = Take(bytes, isNull)))
                .SetLogHandler((_, message) => settings.Clients.Log(message))
                .SetStatisticsHandler((_, statistics) => KafkaMetrics.Take(_client, statistics))
                .SetErrorHandler((_, error) => OnError(error))
                .Build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw settings.Clients.Wrong(error);
        }

        Bounds = new PartitionBounds(settings, _consumer, log);
        for (var block = 0; block < Blocks; block++)
        {
            _free.Add(new MessageBlock());
        }
    }

    /// <summary>Finds where partitions begin and end.</summary>
    public PartitionBounds Bounds { get; }

    /// <summary>Whether the brokers answer, so that being at the end of a partition means something.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Reads a partition from an offset on.</summary>
    /// <returns>The index of the partition in the entries of blocks.</returns>
    public int Add(TopicPartition partition, long offset)
    {
        var index = _partitions.Add(partition, offset);
        if (_thread != null)
        {
            _requests.Enqueue(() => _consumer.IncrementalAssign([new TopicPartitionOffset(partition, offset)]));
        }

        return index;
    }

    /// <summary>Reads a partition no further.</summary>
    public void Remove(TopicPartition partition)
    {
        if (_partitions.Remove(partition) && _thread != null)
        {
            _requests.Enqueue(() => _consumer.IncrementalUnassign([partition]));
        }
    }

    /// <summary>Begins to consume.</summary>
    /// <param name="available">Called when a block is ready.</param>
    /// <param name="look">Called now and then, to look for new partitions and for those that are gone; false to be called again
    /// soon.</param>
    public void Start(Action available, Func<bool> look)
    {
        _available = available;
        _consumer.Assign(_partitions.Assigned());
        _thread = new Thread(Run) { IsBackground = true, Name = "Penstock Kafka consumer" };
        _thread.Start();
        _watch.Start(look, Fail, atOnce: _settings.IsOpenEnded);
    }

    /// <summary>Takes the next block.</summary>
    /// <returns>The block, or null when none is ready.</returns>
    /// <exception cref="PipelineException">Consuming has failed for good.</exception>
    public MessageBlock? Take()
    {
        if (_ready.TryDequeue(out var block))
        {
            return block;
        }

        _consumerIsWaiting = true;

        // What was consumed before is read first.
        return _failure is { } failure ? throw failure : null;
    }

    /// <summary>Gives a block back that was read.</summary>
    public void Return(MessageBlock block)
    {
        block.Clear();
        _free.Add(block);
    }

    /// <summary>Commits offsets to the group, for monitoring.</summary>
    public void Commit(List<TopicPartitionOffset> offsets) => _requests.Enqueue(() =>
    {
        try
        {
            _consumer.Commit(offsets);
        }
        catch (KafkaException error)
        {
            _log.OffsetsNotCommitted(_settings.Place, _settings.GroupId, error.Error.Reason);
        }
    });

    public void Dispose()
    {
        _stop.Cancel();
        _watch.Dispose();
        if (_thread == null)
        {
            Release();
        }

        // A consumer whose thread is still in it must not be taken away from below it: the thread does that when it comes out.
        if (_thread == null || _thread.Join(StopPatience))
        {
            _stop.Dispose();
        }
    }

    private void Release()
    {
        // Not closed: there is no group to leave.
        _consumer.Dispose();
        KafkaMetrics.Forget(_client);
        _free.Dispose();
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                var block = _free.Take(_stop.Token);
                if (_isUnreachable)
                {
                    LookForBrokers(block);
                }

                Fill(block);
                HandOver(block);

                // Only then, as what is asked for may take its time.
                while (_requests.TryDequeue(out var request))
                {
                    request();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The source is closed.
        }
        catch (Exception error)
        {
            Fail(error is KafkaException kafka ? Explain(kafka) : error);
            _stop.Token.WaitHandle.WaitOne();
        }
        finally
        {
            // It asks this consumer about new partitions.
            _watch.Join();
            Release();
        }
    }

    private Exception Explain(KafkaException error) => KafkaErrors.Explain(error, _settings.Use);

    private void Fail(Exception error)
    {
        _failure = error;
        _available();
    }

    private void HandOver(MessageBlock block)
    {
        if (block.Count == 0)
        {
            _free.Add(block);
            return;
        }

        _consumerIsWaiting = false;
        _ready.Enqueue(block);
        _available();
    }

    private void Fill(MessageBlock block)
    {
        _target = block;
        var wait = WaitMilliseconds;
        while (!block.IsFull && !(_consumerIsWaiting && block.Count >= EnoughToBegin))
        {
            try
            {
                if (_consumer.Consume(wait) is not { } result)
                {
                    return;
                }

                Add(block, result);
            }
            catch (ConsumeException error) when (error.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
            {
                // Of a topic that is the only one the client does not tell the name.
                var partition = new TopicPartition(error.ConsumerRecord.Topic ?? _settings.Topics[0], error.ConsumerRecord.Partition);
                var lost = Bounds.Lost(partition, new PartitionPosition(_partitions.NextOf(partition), PartitionPosition.Endless));

                // The client has given the partition up, so that there is nothing to seek in.
                _consumer.IncrementalUnassign([partition]);
                _consumer.IncrementalAssign([new TopicPartitionOffset(partition, lost.Next)]);
            }
            catch (ConsumeException error) when (KafkaErrors.IsUnknown(error.Error))
            {
                // A broker may not know a partition yet that another one has told of. Whether it is gone, the thread that looks after the
                // topics finds out.
                _watch.LookSoon();
            }
            catch (ConsumeException error) when (error.Error.Code == ErrorCode.GroupAuthorizationFailed && !_settings.UsesGroup)
            {
                // The client looks for the coordinator of its group, which is not used.
            }

            wait = 0;
        }
    }

    private void Add(MessageBlock block, ConsumeResult<NoPayload, NoPayload> result)
    {
        var partition = _partitions.IndexOf(_tellsTopic || result.IsPartitionEOF ? result.Topic : null, result.Partition.Value);
        if (partition < 0)
        {
            // Read no further a moment ago.
            return;
        }

        ref var entry = ref block.Add();
        entry.Partition = partition;
        entry.Offset = result.Offset.Value;
        if (result.IsPartitionEOF)
        {
            // Also behind messages that are not delivered, such as the marks of transactions.
            _partitions.Passed(partition, entry.Offset - 1);
            entry.Kind = EntryKind.AtEnd;
            return;
        }

        if (LatencyProbe.IsOn)
        {
            LatencyProbe.NoteConsumed();
        }

        _partitions.Passed(partition, entry.Offset);
        entry.Timestamp = result.Message.Timestamp.UnixTimestampMs;
        entry.Headers = result.Message.Headers;
        (entry.KeyStart, entry.KeyLength) = _key;
        (entry.ValueStart, entry.ValueLength) = _value;
    }

    private (int Start, int Length) Take(ReadOnlySpan<byte> bytes, bool isNull) => isNull ? (0, -1) : (_target.Append(bytes), bytes.Length);

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            Fail(Explain(new KafkaException(error)));
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            _reason = error.Reason;
            _isUnreachable = true;
        }
    }

    // The client tells once that a partition is at its end, and not again after it has lost the brokers and found them again. Until a
    // broker has answered, that is unknown; a partition of which nothing is known is not idle.
    private void LookForBrokers(MessageBlock block)
    {
        if (!_wasUnreachable)
        {
            _wasUnreachable = true;
            _log.BrokersLost(_settings.Place, _reason);
            _health.Failing($"no broker answers: {_reason}");
            _isKnown = false;
        }

        try
        {
            foreach (var (partition, index, next) in _partitions.All())
            {
                if (_consumer.QueryWatermarkOffsets(partition, ReachPatience).High.Value <= next)
                {
                    ref var entry = ref block.Add();
                    (entry.Kind, entry.Partition, entry.Offset) = (EntryKind.AtEnd, index, next);
                }
            }

            _isUnreachable = _wasUnreachable = false;
            _isKnown = true;
            _log.BrokersBack(_settings.Place);
            _health.Working();
        }
        catch (KafkaException)
        {
            // Asked again with the next block.
        }
    }
}
