using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// Makes the messages of complete checkpoints visible, with one transaction per checkpoint that also writes a marker. A checkpoint is
/// complete and durable, including its messages, before its transaction begins. So after a crash the process that resumes the job repeats
/// the transaction, unless the marker shows that it was committed.
/// </summary>
internal sealed class TransactionCommitter(KafkaSinkSettings settings, SinkContext context, string[] headers) : ISinkCommitter
{
    private const int MaxFences = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly int _process = Random.Shared.Next();
    private readonly Lock _gate = new();
    private TransactionSession? _session;
    private string _id = "";
    private Mark _known;
    private string? _formerId;
    private Mark? _former;

    public string Place => $"Kafka topic '{settings.Topic}'";

    public bool CanRevoke => false;

    private KafkaErrorContext Use => settings.Use with { Group = _id };

    private TimeSpan Interval => context.PipelineOptions.Checkpoints.Interval;

    public ValueTask ClaimAsync(SinkOwner owner, bool isKnown) => new(RunAsync(() => Claim(owner, isKnown)));

    public ValueTask<long?> LastCommittedAsync() => new(_known.Checkpoint);

    public async ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
    {
        using var stopped = stop.Register(Interrupt);
        await RunAsync(() => Commit(checkpoint, [.. prepared.Select(bytes => SpoolFile.Read(bytes)).OfType<SpoolFile>()]));
    }

    /// <summary>
    /// Always <c>false</c>: the session has a single transaction, whose marker names its checkpoint, and a commit reads the spool that the
    /// next checkpoint fills.
    /// </summary>
    public bool CommitsDuringCheckpoints => false;

    public async ValueTask RevokeAfterAsync(long checkpoint)
    {
        await RunAsync(TakeOver);

        // This thread must not be abandoned: the next attempt may write files with the same names.
        await Task.Run(() =>
        {
            foreach (var name in context.Spool.List())
            {
                context.Spool.Delete(name);
            }
        });
    }

    public void Interrupt() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Cancel();
        Close();
    }

    // Runs calls that wait for the brokers on a separate thread. Some client calls cannot be cancelled. When the sink stops, the thread of
    // such a call is abandoned; it ends with the call, and closes what it has opened.
    private Task RunAsync(Action action) =>
        Task.Factory
            .StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(_stop.Token);

    private TransactionSession Keep(TransactionSession session)
    {
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
            {
                return _session = session;
            }
        }

        session.Dispose();
        throw new OperationCanceledException($"{settings.Place} was stopped.");
    }

    private void Close()
    {
        TransactionSession? session;
        lock (_gate)
        {
            (session, _session) = (_session, null);
        }

        session?.Dispose();
    }

    private void Claim(SinkOwner owner, bool isKnown)
    {
        TransactionTimeout.Check(settings, Interval);
        TopicCheck.Run(settings);
        _id = EpochMarker.IdOf(owner.Job, context.Id);
        try
        {
            _known = Keep(Open(_id)).Marked ?? Begin(owner, isKnown);
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, Use);
        }
    }

    // The job has no marker. This is expected only at its first start; if a marker should exist, the content of the topic is unknown.
    private Mark Begin(SinkOwner owner, bool isKnown)
    {
        if (owner.Predecessor is { } predecessor)
        {
            using var former = Open(_formerId = EpochMarker.IdOf(predecessor.Job, context.Id));
            _former = former.Marked;
            return new Mark(_former?.Checkpoint ?? (isKnown ? Assumed(owner) : 0), null);
        }

        return new Mark(isKnown ? Assumed(owner) : 0, null);
    }

    private long Assumed(SinkOwner owner) => settings.AssumeCommitted ?? throw new PipelineException(
        KafkaErrorCodes.CommitForgotten,
        $"{settings.Place}: the brokers have forgotten which checkpoint of job "
            + $"{owner.Job} is in topic '{settings.Topic}' (the offset of consumer group '{_id}'): the job was down for longer than "
            + $"offsets.retention.minutes, or the topic was deleted. Look which messages are in the topic, and set "
            + $"Penstock:Pipelines:{context.PipelineName}:Sinks:{context.Id}:AssumeCommitted for the next start: to the checkpoint that "
            + $"it starts from if its messages are there, or else to the one before.");

    private void Commit(long checkpoint, List<SpoolFile> files)
    {
        var fences = 0;
        for (var delay = FirstDelay; checkpoint > _known.Checkpoint; delay = Longer(delay))
        {
            try
            {
                if (_session is { HasLostBrokers: true })
                {
                    Close();
                }

                var session = _session ?? Keep(OpenAgain());
                var mark = new Mark(checkpoint, _process);
                if (session.Marked != mark && !IsIn(checkpoint, session.Marked))
                {
                    session.Commit(mark, files, context.Spool, _stop.Token);
                }

                _known = mark;
            }
            catch (KafkaException error)
            {
                Close();
                ThrowIfHopeless(error, files, ref fences);
                context.Log.CommitDelayed(
                    context.PipelineName,
                    context.Id,
                    checkpoint,
                    settings.Clients.Location,
                    error.Error.Reason,
                    delay);
                if (_stop.Token.WaitHandle.WaitOne(delay))
                {
                    throw new OperationCanceledException($"The commit of checkpoint {checkpoint} was cancelled.");
                }
            }
        }

        foreach (var file in files)
        {
            context.Spool.Delete(file.Name);
        }
    }

    private void ThrowIfHopeless(KafkaException error, List<SpoolFile> files, ref int fences)
    {
        if (error.Error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced && ++fences > MaxFences)
        {
            throw TakenOver(error);
        }

        if (KafkaErrors.IsFinal(error.Error))
        {
            var row = KafkaErrors.IsRefusal(error.Error)
                ? new RefusedMessage(settings, context, headers, _id, _stop.Token).Find(files, Interval)
                : null;
            throw KafkaErrors.Explain(error, Use, row);
        }
    }

    private TransactionSession Open(string id) => new(settings, id, Interval, headers);

    // Brokers that do not store the process in the marker return only the checkpoint.
    private static bool IsIn(long checkpoint, Mark? marked) => marked is { Process: null } && marked.Value.Checkpoint >= checkpoint;

    // Opening a session ends all others, so another process may have owned the job in between. In that case the marker is neither the one
    // that was last read or written, nor that of a transaction with an unknown outcome.
    private TransactionSession OpenAgain()
    {
        var session = Open(_id);
        if (session.Marked == _known || session.Marked is null or { Process: null } || session.Marked.Value.Process == _process)
        {
            return session;
        }

        session.Dispose();
        throw _known.Process == _process
            ? TakenOver(null)
            : Overtaken();
    }

    // This process takes over the job at the first row. Before that, the start may still be refused, and must not have ended the process
    // that is running.
    private void TakeOver()
    {
        try
        {
            EndFormer();
            var mark = new Mark(_known.Checkpoint, _process);
            (_session ?? Keep(OpenAgain())).Commit(mark, [], context.Spool, _stop.Token);
            _known = mark;
        }
        catch (KafkaException error)
        {
            // Not retried: the running process may have made progress meanwhile, and a new start finds how far it got.
            Close();
            throw KafkaErrors.Explain(error, Use);
        }
    }

    // The job that took the savepoint from which this one starts may still be running.
    private void EndFormer()
    {
        if (_formerId is not { } id)
        {
            return;
        }

        using var former = Open(id);
        if (former.Marked != _former)
        {
            throw Overtaken();
        }

        if (_former is { } mark)
        {
            former.Commit(mark with { Process = _process }, [], context.Spool, _stop.Token);
        }
    }

    private IOException Overtaken() => new(
        $"Another process of the job ('{_formerId ?? _id}') has written to the topic '{settings.Topic}' while this one started; a new "
            + $"start sees how far it went.");

    private PipelineException TakenOver(Exception? cause) => new(
        KafkaErrorCodes.TakenOver,
        $"{settings.Place}: another process has taken over the job ('{_id}') and writes to the topic "
            + $"'{settings.Topic}'. This one ends; nothing is lost or duplicated, because the other one resumes from a checkpoint. Let "
            + $"a job run in one process at a time, and give a second one checkpoints of its own (Checkpoints:Path).",
        cause);

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < MaxDelay ? delay * 2 : MaxDelay;
}
