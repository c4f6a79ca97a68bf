using Confluent.Kafka;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// Makes the messages of complete checkpoints visible, each checkpoint's in one transaction together with a marker that says so. A checkpoint is
/// complete and durable, with its messages, before its transaction begins: whoever goes on with the job after a crash does it once more unless the
/// marker says that it is done.
/// </summary>
internal sealed class TransactionCommitter(KafkaSinkSettings settings, SinkContext context, string[] headers) : ISinkCommitter
{
    private const int MostFences = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private TransactionSession? _session;
    private string _id = "";
    private long _committed;

    public string Place => $"Kafka topic '{settings.Topic}'";

    public bool CanRevoke => false;

    private KafkaUse Use => settings.Use with { Group = _id };

    private TimeSpan Interval => context.PipelineOptions.Checkpoints.Interval;

    public ValueTask ClaimAsync(SinkOwner owner, bool isKnown) => new(RunAsync(() => Claim(owner, isKnown)));

    public ValueTask<long?> LastCommittedAsync() => new(_committed);

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared) => new(RunAsync(() => Commit(checkpoint, [.. prepared.Select(bytes => SpoolFile.Read(bytes)).OfType<SpoolFile>()])));

    public ValueTask RevokeAfterAsync(long checkpoint)
    {
        foreach (var name in context.Spool.List())
        {
            context.Spool.Delete(name);
        }

        return default;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _session?.Dispose();
        _session = null;
    }

    // Its calls wait for the brokers: on a thread of their own.
    private static Task RunAsync(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Claim(SinkOwner owner, bool isKnown)
    {
        TransactionTimeout.Check(settings, Interval);
        TopicCheck.Run(settings);
        _id = EpochMarker.IdOf(owner.Job, context.Id);
        try
        {
            _session = Open();
            _committed = _session.Committed ?? Begin(_session, owner, isKnown);
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, Use);
        }
    }

    // The job has no marker. That is right at its first start alone; if one should be there, nobody knows what is in the topic.
    private long Begin(TransactionSession session, SinkOwner owner, bool isKnown)
    {
        var committed = 0L;
        if (owner.Predecessor is { } predecessor)
        {
            // Opened, so that the former job can write no more.
            using var former = new TransactionSession(settings, EpochMarker.IdOf(predecessor.Job, context.Id), Interval, headers);
            committed = former.Committed ?? (isKnown ? Assumed(owner) : 0);
        }
        else if (isKnown)
        {
            committed = Assumed(owner);
        }

        session.Commit(committed, [], context.Spool);
        return committed;
    }

    private long Assumed(SinkOwner owner) => settings.AssumeCommitted ?? throw new PipelineException(
        $"{settings.Place}: the brokers have forgotten which checkpoint of job {owner.Job} is in topic '{settings.Topic}' (the offset of consumer group '{_id}'): the job was down for longer than offsets.retention.minutes, or the topic was deleted. Look which messages are in the topic, and set Penstock:Pipelines:{context.PipelineName}:Sinks:{context.Id}:AssumeCommitted for the next start: to the checkpoint that it starts from if its messages are there, or else to the one before.");

    private void Commit(long checkpoint, List<SpoolFile> files)
    {
        var fences = 0;
        for (var delay = FirstDelay; checkpoint > _committed; delay = Longer(delay))
        {
            try
            {
                if (_session is { HasLostBrokers: true })
                {
                    _session.Dispose();
                    _session = null;
                }

                _session ??= Open();
                if (_session.Committed is not { } committed || committed < checkpoint)
                {
                    _session.Commit(checkpoint, files, context.Spool);
                }

                _committed = checkpoint;
            }
            catch (KafkaException error)
            {
                _session?.Dispose();
                _session = null;
                ThrowIfHopeless(error, ref fences);
                context.Log.CommitDelayed(context.PipelineName, context.Id, checkpoint, settings.Clients.Location, error.Error.Reason, delay);
                if (_stop.Token.WaitHandle.WaitOne(delay))
                {
                    throw new OperationCanceledException($"The commit of checkpoint {checkpoint} was given up.");
                }
            }
        }

        foreach (var file in files)
        {
            context.Spool.Delete(file.Name);
        }
    }

    private void ThrowIfHopeless(KafkaException error, ref int fences)
    {
        if (error.Error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced && ++fences > MostFences)
        {
            throw new PipelineException($"{settings.Place}: another process writes for the same job ('{_id}') and takes the transactions away. Stop one of them.", error);
        }

        if (KafkaErrors.Remedy(error.Error, Use) != null)
        {
            throw KafkaErrors.Explain(error, Use);
        }
    }

    private TransactionSession Open() => new(settings, _id, Interval, headers);

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
}
