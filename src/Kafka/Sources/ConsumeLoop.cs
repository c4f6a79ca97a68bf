using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;

namespace Penstock.Kafka.Sources;

/// <summary>
/// The consumer of one subtask and the thread that polls it. It passes messages to the subtask in blocks. A block is passed on when it is
/// full, when no more messages are available for the moment, or when the subtask is idle and the block has a few messages. So a single
/// message is passed on immediately, and under load whole blocks are, without a mode to switch.
/// </summary>
internal sealed class ConsumeLoop : IDisposable
{
    private const int Blocks = 4;
    private const int WaitMilliseconds = 100;

    // Small enough that the first message does not wait long for the last, and large enough to amortize the cost of passing on a block.
    private const int EnoughToBegin = 128;

    // The consumer assigns its partitions itself and is not a member of the group, so the broker expects no heartbeat.
    private const string MaxPollInterval = "86400000";

    // The thread may be waiting for topic metadata from brokers that do not answer.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

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
    private readonly bool _storesTopic;
    private readonly ClientName _client;
    private Thread? _thread;
    private bool _isDisposed;
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
    /// <param name="settings">The settings of the source.</param>
    /// <param name="needs">The parts of a message that the rows need.</param>
    /// <param name="subtask">The index of the subtask.</param>
    /// <param name="log">The log.</param>
    /// <param name="health">Receives a report while no broker answers.</param>
    public ConsumeLoop(KafkaSourceSettings settings, RequiredMessageFields needs, int subtask, ILogger log, ConnectorHealth health)
    {
        (_settings, _log, _health) = (settings, log, health);
        _watch = new TopicWatch(settings.CheckInterval);
        _storesTopic = settings.Pattern != null || settings.Topics.Length > 1;
        string[] fields = [.. needs.Fields, .. _storesTopic ? ["topic"] : Array.Empty<string>()];
        var config = settings.Clients.Consumer(
            new()
            {
                ["isolation.level"] = "read_committed",
                ["fetch.queue.backoff.ms"] = "20",
                ["statistics.interval.ms"] = KafkaMetrics.Interval,
                ["max.poll.interval.ms"] = MaxPollInterval
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

    /// <summary>Finds the first and last offsets of partitions.</summary>
    public PartitionBounds Bounds { get; }

    /// <summary><c>true</c> if the brokers answer, so that the end of a partition is known.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Starts to read a partition at an offset.</summary>
    /// <returns>The index that block entries use for the partition.</returns>
    public int Add(TopicPartition partition, long offset)
    {
        var index = _partitions.Add(partition, offset);
        if (_thread != null)
        {
            _requests.Enqueue(() => _consumer.IncrementalAssign([new TopicPartitionOffset(partition, offset)]));
        }

        return index;
    }

    /// <summary>Stops reading a partition.</summary>
    public void Remove(TopicPartition partition)
    {
        if (_partitions.Remove(partition) && _thread != null)
        {
            _requests.Enqueue(() => _consumer.IncrementalUnassign([partition]));
        }
    }

    /// <summary>Starts to consume.</summary>
    /// <param name="available">Called when a block is ready.</param>
    /// <param name="look">Called periodically to check for new and deleted partitions; returns <c>false</c> to be called again
    /// soon.</param>
    public void Start(Action available, Func<bool> look)
    {
        _available = available;
        _consumer.Assign(_partitions.Assigned());
        _thread = new Thread(Run) { IsBackground = true, Name = "Penstock Kafka consumer" };
        _thread.Start();
        _watch.Start(look, Fail, atOnce: _settings.IsUnbounded);
    }

    /// <summary>Takes the next block.</summary>
    /// <returns>The block, or null if none is ready.</returns>
    /// <exception cref="PipelineException">Consuming has failed permanently.</exception>
    public MessageBlock? Take()
    {
        if (_ready.TryDequeue(out var block))
        {
            return block;
        }

        _consumerIsWaiting = true;

        // Blocks that were consumed before the failure are read first.
        return _failure is { } failure ? throw failure : null;
    }

    /// <summary>Returns a block for reuse after it was read.</summary>
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
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stop.Cancel();
        _watch.Dispose();
        if (_thread == null)
        {
            Release();
        }

        // A consumer must not be disposed while its thread is in a call to it; the thread then disposes it after the call.
        if (_thread == null || _thread.Join(StopTimeout))
        {
            _stop.Dispose();
        }
    }

    private void Release()
    {
        // No Close: there is no group to leave.
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
                    CheckBrokers(block);
                }

                Fill(block);
                EnqueueBlock(block);

                // After the messages, since a request may take long.
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
            // The watch queries this consumer about new partitions.
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

    private void EnqueueBlock(MessageBlock block)
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
                // If there is only one topic, the client does not report its name.
                var partition = new TopicPartition(error.ConsumerRecord.Topic ?? _settings.Topics[0], error.ConsumerRecord.Partition);
                if (_partitions.NextOf(partition) is { } next)
                {
                    var found = Bounds.Lost(partition, new PartitionPosition(next, PartitionPosition.Endless)).Next;
                    _partitions.Reset(partition, found);

                    // The client has dropped the partition, so a seek is not possible.
                    _consumer.IncrementalUnassign([partition]);
                    _consumer.IncrementalAssign([new TopicPartitionOffset(partition, found)]);
                }
            }
            catch (ConsumeException error) when (KafkaErrors.IsUnknown(error.Error))
            {
                // A broker may not know a partition yet that another one has reported. The watch thread finds out whether the partition
                // was deleted.
                _watch.RequestCheck();
            }
            catch (ConsumeException error) when (error.Error.Code == ErrorCode.GroupAuthorizationFailed && !_settings.UsesGroup)
            {
                // The client searches for the coordinator of its group, which is not used.
            }

            wait = 0;
        }
    }

    private void Add(MessageBlock block, ConsumeResult<NoPayload, NoPayload> result)
    {
        var partition = _partitions.IndexOf(_storesTopic || result.IsPartitionEOF ? result.Topic : null, result.Partition.Value);
        if (partition < 0)
        {
            // The partition was removed in the meantime.
            return;
        }

        ref var entry = ref block.Add();
        entry.Partition = partition;
        entry.Offset = result.Offset.Value;
        if (result.IsPartitionEOF)
        {
            // The end is also after messages that are not delivered, such as transaction markers.
            _partitions.RecordConsumed(partition, entry.Offset - 1);
            entry.Kind = EntryKind.AtEnd;
            return;
        }

        if (LatencyProbe.IsOn)
        {
            LatencyProbe.RecordConsumed();
        }

        _partitions.RecordConsumed(partition, entry.Offset);
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

    // The client reports the end of a partition once, and not again after it has lost and found the brokers. Until a broker has answered,
    // the end is unknown, and a partition with an unknown end is not idle.
    private void CheckBrokers(MessageBlock block)
    {
        if (!_wasUnreachable)
        {
            _wasUnreachable = true;
            _log.BrokersLost(_settings.Place, _reason);
            _health.ReportFailing($"no broker answers: {_reason}");
            _isKnown = false;
        }

        try
        {
            foreach (var (partition, index, next) in _partitions.All())
            {
                if (_consumer.QueryWatermarkOffsets(partition, ConnectTimeout).High.Value <= next)
                {
                    ref var entry = ref block.Add();
                    (entry.Kind, entry.Partition, entry.Offset) = (EntryKind.AtEnd, index, next);
                }
            }

            _isUnreachable = _wasUnreachable = false;
            _isKnown = true;
            _log.BrokersReconnected(_settings.Place);
            _health.ReportWorking();
        }
        catch (KafkaException)
        {
            // The query is repeated with the next block.
        }
    }
}
