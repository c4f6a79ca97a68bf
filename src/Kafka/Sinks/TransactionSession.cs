using System.Diagnostics;
using Confluent.Kafka;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// A transactional producer and the marker of its sink. Opening one ends whatever another with the same id has begun, so that what the marker
/// says afterwards is final. After an error that leaves anything open, a new one is opened.
/// </summary>
internal sealed class TransactionSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // When brokers go while a call of the client is under way, it may wait for ever, whatever its timeout. So long after all of them have gone, or after the
    // timeout of the call, it is taken to do so.
    private static readonly TimeSpan LossPatience = TimeSpan.FromSeconds(5);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly EpochMarker _marker;
    private readonly MessageSender _sender;
    private readonly string _client;
    private long _lostAt;
    private long _calledAt;

    public TransactionSession(KafkaSinkSettings settings, string id, TimeSpan interval, string[] headers)
    {
        _client = settings.Place;
        _producer = settings.CreateProducer(
            _client,
            new() { ["partitioner"] = KafkaSinkSettings.Partitioner, ["transaction.timeout.ms"] = TransactionTimeout.For(interval) },
            new() { ["transactional.id"] = id, ["enable.idempotence"] = "true" },
            NoteError);
        try
        {
            _sender = new MessageSender(_producer, settings.Topic, headers);
            _producer.InitTransactions(Patience);
            _marker = new EpochMarker(settings, id);
            Marked = _marker.Read();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the marker says; null when there is none.</summary>
    public Mark? Marked { get; private set; }

    /// <summary>Whether all brokers have been gone meanwhile: then this session must not be used for another transaction.</summary>
    public bool HasLostBrokers => Volatile.Read(ref _lostAt) != 0;

    /// <summary>Sends messages and the marker in one transaction.</summary>
    /// <param name="mark">The marker.</param>
    /// <param name="files">The messages.</param>
    /// <param name="spool">Where they are.</param>
    /// <exception cref="KafkaException">It did not come about, or nobody knows.</exception>
    public void Commit(Mark mark, IReadOnlyList<SpoolFile> files, SinkSpool spool)
    {
        var committing = Task.Factory.StartNew(() => CommitCore(mark, files, spool), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (!((IAsyncResult)committing).AsyncWaitHandle.WaitOne(LossPatience / 10))
        {
            if (IsOlder(ref _lostAt, LossPatience) || IsOlder(ref _calledAt, Patience + LossPatience))
            {
                // Its thread is left behind. What it may still do comes to nothing: the next session takes the transaction away from it.
                committing.ContinueWith(static left => _ = left.Exception, TaskScheduler.Default);
                throw new KafkaException(new Error(ErrorCode.Local_AllBrokersDown, "The brokers went away in the middle of a transaction."));
            }
        }

        committing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        // An open transaction is aborted by the next session; waiting for a broker here would hold up the end of the process.
        _producer.Dispose();
        _marker?.Dispose();
        KafkaMetrics.Forget(_client);
    }

    private void NoteError(Error error)
    {
        if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            Interlocked.CompareExchange(ref _lostAt, Stopwatch.GetTimestamp(), 0);
        }
    }

    private void CommitCore(Mark mark, IReadOnlyList<SpoolFile> files, SinkSpool spool)
    {
        _producer.BeginTransaction();
        foreach (var file in files)
        {
            file.Send(spool, _sender.Send);
        }

        Call(() => _producer.SendOffsetsToTransaction(_marker.Of(mark), _marker.Group, Patience));
        Repeat(() => Call(() => _producer.CommitTransaction(Patience)));
        Marked = mark;
    }

    private void Call(Action call)
    {
        Volatile.Write(ref _calledAt, Stopwatch.GetTimestamp());
        call();
        Volatile.Write(ref _calledAt, 0);
    }

    private static bool IsOlder(ref long timestamp, TimeSpan age) => Volatile.Read(ref timestamp) is not 0 and var since && Stopwatch.GetElapsedTime(since) > age;

    // The client asks to call it again until the answer is known; how often is up to the timeout of the transaction.
    private static void Repeat(Action commit)
    {
        const int Times = 4;
        for (var left = Times; ; left--)
        {
            try
            {
                commit();
                return;
            }
            catch (KafkaRetriableException) when (left > 0)
            {
                // Not known yet.
            }
        }
    }
}
