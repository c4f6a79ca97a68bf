using System.Diagnostics;
using Confluent.Kafka;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// A transactional producer and the marker of its sink. Opening a session ends the transactions of all others with the same id, so the
/// marker that is read afterwards is final. After an error with an unknown outcome, a new session is opened.
/// </summary>
internal sealed class TransactionSession : IDisposable
{
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(10);

    // The maximum time of a call, which is the timeout of the transaction.
    private readonly TimeSpan _timeout;

    // If all brokers disappear during a call of the client, the call may never return, whatever its timeout. It is considered stuck when
    // this time has passed since the loss of all brokers, or since the timeout of the call.
    private readonly TimeSpan _lossTimeout;

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly EpochMarker _marker;
    private readonly MessageSender _sender;
    private readonly ClientName _client;
    private readonly Lock _gate = new();
    private long _lostAt;
    private long _calledAt;
    private Task _committing = Task.CompletedTask;
    private bool _isDisposed;

    public TransactionSession(KafkaSinkSettings settings, string id, TimeSpan interval, string[] headers)
    {
        _client = settings.Client;
        var timeout = TransactionTimeout.Of(settings, interval);
        _timeout = timeout < MaxTimeout ? timeout : MaxTimeout;
        _lossTimeout = _timeout / 2;
        _producer = settings.CreateProducer(
            _client,
            new() { ["partitioner"] = KafkaSinkSettings.Partitioner, ["transaction.timeout.ms"] = TransactionTimeout.For(interval) },
            new() { ["transactional.id"] = id, ["enable.idempotence"] = "true" },
            RecordError);
        try
        {
            _sender = new MessageSender(_producer, settings.Topic, headers);
            _producer.InitTransactions(_timeout);
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

    /// <summary>The content of the marker; null if there is none.</summary>
    public Mark? Marked { get; private set; }

    /// <summary>
    /// <c>true</c> if all brokers were lost in the meantime. The session must then not be used for another transaction.
    /// </summary>
    public bool HasLostBrokers => Volatile.Read(ref _lostAt) != 0;

    /// <summary>Sends messages and the marker in one transaction.</summary>
    /// <param name="mark">The marker.</param>
    /// <param name="files">The files of messages.</param>
    /// <param name="spool">The spool that contains the files.</param>
    /// <param name="stop">Cancels waiting. The next session then decides the outcome of the transaction.</param>
    /// <exception cref="KafkaException">The transaction failed, or its outcome is unknown.</exception>
    /// <exception cref="OperationCanceledException">Waiting was cancelled.</exception>
    public void Commit(Mark mark, IReadOnlyList<SpoolFile> files, SinkSpool spool, CancellationToken stop)
    {
        var committing = Start(() => CommitCore(mark, files, spool));
        WaitHandle[] ends = [((IAsyncResult)committing).AsyncWaitHandle, stop.WaitHandle];
        while (WaitHandle.WaitAny(ends, _lossTimeout / 10) != 0)
        {
            stop.ThrowIfCancellationRequested();
            if (IsOlder(ref _lostAt, _lossTimeout) || IsOlder(ref _calledAt, _timeout + _lossTimeout))
            {
                // The thread of the call is abandoned. It can do no harm: the next session fences its transaction.
                throw new KafkaException(new Error(
                    ErrorCode.Local_AllBrokersDown,
                    "The brokers went away in the middle of a transaction."));
            }
        }

        committing.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Task committing;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            (_isDisposed, committing) = (true, _committing);
        }

        // A client must not be disposed while a thread is in a call to it: it would end the process.
        committing.ContinueWith(left =>
        {
            _ = left.Exception;
            Release();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private Task Start(Action commit)
    {
        lock (_gate)
        {
            return _isDisposed
                ? throw new OperationCanceledException("The sink was stopped before its commit began.")
                : _committing = Task.Factory.StartNew(
                    commit,
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
        }
    }

    private void Release()
    {
        // The next session aborts an open transaction; waiting for a broker here would delay the end of the process.
        _producer.Dispose();
        _marker?.Dispose();
        KafkaMetrics.Forget(_client);
    }

    private void RecordError(Error error)
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

        Call(() => _producer.SendOffsetsToTransaction(_marker.Of(mark), _marker.Group, _timeout));
        Repeat(() => Call(() => _producer.CommitTransaction(_timeout)));
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

    // The client requires the call to be repeated until the outcome is known; the timeout of the transaction limits the repetitions.
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
                // The outcome is not known yet.
            }
        }
    }
}
