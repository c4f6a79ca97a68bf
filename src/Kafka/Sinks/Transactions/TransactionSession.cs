using System.Diagnostics;
using Confluent.Kafka;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// A transactional producer and the marker of its sink. Opening one ends whatever another with the same id has begun, so that what the
/// marker says afterwards is final. After an error that leaves anything open, a new one is opened.
/// </summary>
internal sealed class TransactionSession : IDisposable
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(10);

    // How long a call may take: not longer than the transaction may last.
    private readonly TimeSpan _patience;

    // When brokers go while a call of the client is under way, it may wait for ever, whatever its timeout. So long after all of them have
    // gone, or after the timeout of the call, it is taken to do so.
    private readonly TimeSpan _lossPatience;

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly EpochMarker _marker;
    private readonly MessageSender _sender;
    private readonly ClientName _client;
    private long _lostAt;
    private long _calledAt;
    private Task _committing = Task.CompletedTask;

    public TransactionSession(KafkaSinkSettings settings, string id, TimeSpan interval, string[] headers)
    {
        _client = settings.Client;
        var timeout = TransactionTimeout.Of(settings, interval);
        _patience = timeout < LongestPatience ? timeout : LongestPatience;
        _lossPatience = _patience / 2;
        _producer = settings.CreateProducer(
            _client,
            new() { ["partitioner"] = KafkaSinkSettings.Partitioner, ["transaction.timeout.ms"] = TransactionTimeout.For(interval) },
            new() { ["transactional.id"] = id, ["enable.idempotence"] = "true" },
            NoteError);
        try
        {
            _sender = new MessageSender(_producer, settings.Topic, headers);
            _producer.InitTransactions(_patience);
            _marker = new EpochMarker(settings, id);
            Marked = _marker.Read();
        }
        catch (KafkaException error) when (error.Error.Code == ErrorCode.InvalidTransactionTimeout)
        {
            Dispose();
            throw TransactionTimeout.TooLong(settings, interval, error);
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
    /// <param name="stop">Ends the waiting. What is under way then is decided by the next session.</param>
    /// <exception cref="KafkaException">It did not come about, or that is not known.</exception>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public void Commit(Mark mark, IReadOnlyList<SpoolFile> files, SinkSpool spool, CancellationToken stop)
    {
        _committing = Task.Factory.StartNew(
            () => CommitCore(mark, files, spool),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        WaitHandle[] ends = [((IAsyncResult)_committing).AsyncWaitHandle, stop.WaitHandle];
        while (WaitHandle.WaitAny(ends, _lossPatience / 10) != 0)
        {
            stop.ThrowIfCancellationRequested();
            if (IsOlder(ref _lostAt, _lossPatience) || IsOlder(ref _calledAt, _patience + _lossPatience))
            {
                // Its thread is left behind. What it may still do comes to nothing: the next session takes the transaction away from it.
                throw new KafkaException(new Error(
                    ErrorCode.Local_AllBrokersDown,
                    "The brokers went away in the middle of a transaction."));
            }
        }

        _committing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        // A client must not be taken away from below a thread that is still in it.
        _committing.ContinueWith(left =>
        {
            _ = left.Exception;
            Release();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Release()
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

        Call(() => _producer.SendOffsetsToTransaction(_marker.Of(mark), _marker.Group, _patience));
        Repeat(() => Call(() => _producer.CommitTransaction(_patience)));
        Marked = mark;
    }

    private void Call(Action call)
    {
        Volatile.Write(ref _calledAt, Stopwatch.GetTimestamp());
        call();
        Volatile.Write(ref _calledAt, 0);
    }

    private static bool IsOlder(ref long timestamp, TimeSpan age) =>
        Volatile.Read(ref timestamp) is not 0 and var since && Stopwatch.GetElapsedTime(since) > age;

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
