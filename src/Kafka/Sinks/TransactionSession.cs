using Confluent.Kafka;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// A transactional producer and the marker of its sink. Opening one ends whatever another with the same id has begun, so that what the marker
/// says afterwards is final. After an error that leaves anything open, a new one is opened.
/// </summary>
internal sealed class TransactionSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly EpochMarker _marker;
    private readonly MessageSender _sender;

    public TransactionSession(KafkaSinkSettings settings, string id, TimeSpan interval, string[] headers)
    {
        _producer = settings.CreateProducer(
            new() { ["partitioner"] = KafkaSinkSettings.Partitioner, ["transaction.timeout.ms"] = TransactionTimeout.For(interval) },
            new() { ["transactional.id"] = id, ["enable.idempotence"] = "true" },
            static _ => { });
        try
        {
            _sender = new MessageSender(_producer, settings.Topic, headers);
            _producer.InitTransactions(Patience);
            _marker = new EpochMarker(settings, id);
            Committed = _marker.Read();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the marker says.</summary>
    public long? Committed { get; private set; }

    /// <summary>Sends messages and the marker in one transaction.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="files">The messages.</param>
    /// <param name="spool">Where they are.</param>
    public void Commit(long checkpoint, IReadOnlyList<SpoolFile> files, SinkSpool spool)
    {
        _producer.BeginTransaction();
        foreach (var file in files)
        {
            file.Send(spool, _sender.Send);
        }

        _producer.SendOffsetsToTransaction(_marker.Of(checkpoint), _marker.Group, Patience);
        Repeat(() => _producer.CommitTransaction(Patience));
        Committed = checkpoint;
    }

    public void Dispose()
    {
        // An open transaction is aborted by the next session; waiting for a broker here would hold up the end of the process.
        _producer.Dispose();
        _marker?.Dispose();
    }

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
