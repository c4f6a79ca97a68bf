using System.Globalization;
using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// Finds the message that a broker permanently refuses. The client reports that a transaction failed, but not at which message, because
/// delivery reports for all messages would be too expensive. So the messages are sent again, one per batch and with reports, in a
/// transaction that is aborted.
/// </summary>
internal sealed class RefusedMessage(KafkaSinkSettings settings, SinkContext context, string[] headers, string id, CancellationToken stop)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private volatile RefusedRow? _found;

    /// <summary>Searches for the refused message.</summary>
    /// <param name="files">The files of messages.</param>
    /// <param name="interval">The time between checkpoints.</param>
    /// <returns>The row; null if it is not found.</returns>
    public RefusedRow? Find(IReadOnlyList<SpoolFile> files, TimeSpan interval)
    {
        var client = settings.Client with { Subtask = null };
        try
        {
            using var producer = settings.CreateProducer(
                client,
                new() { ["partitioner"] = KafkaSinkSettings.Partitioner, ["transaction.timeout.ms"] = TransactionTimeout.For(interval) },
                new() { ["transactional.id"] = id, ["enable.idempotence"] = "true", ["batch.num.messages"] = "1" },
                static _ => { });
            producer.InitTransactions(Timeout);
            producer.BeginTransaction();
            try
            {
                SendAll(producer, files);
                for (var left = Timeout; _found == null && left > TimeSpan.Zero && producer.Flush(Slice) > 0; left -= Slice)
                {
                    stop.ThrowIfCancellationRequested();
                }
            }
            finally
            {
                producer.AbortTransaction(Timeout);
            }
        }
        catch (Exception error) when (error is KafkaException or PipelineException)
        {
            // The original error is the one to report.
        }
        finally
        {
            KafkaMetrics.Forget(client);
        }

        return _found;
    }

    private void SendAll(IProducer<byte[]?, byte[]?> producer, IReadOnlyList<SpoolFile> files)
    {
        try
        {
            Send(producer, files);
        }
        catch (KafkaException)
        {
            // Once a message is refused, the client accepts no more. The report of the refused one arrives while the rest is flushed.
        }
    }

    private void Send(IProducer<byte[]?, byte[]?> producer, IReadOnlyList<SpoolFile> files)
    {
        var number = 0;
        var sender = new MessageSender(producer, settings.Topic, headers, stop);
        foreach (var file in files)
        {
            file.Send(context.Spool, bytes =>
            {
                while (!bytes.IsEmpty && _found == null)
                {
                    var message = bytes[..MessageCursor.LengthOf(bytes)].ToArray();
                    var place = ++number;
                    sender.Report = report =>
                    {
                        if (_found == null && ErrorTable.Of(report.Error.Code) == ErrorDecision.PoisonRow)
                        {
                            _found = new RefusedRow(
                                string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{MessageCheck.RowOf(message)} (message {place} of its checkpoint)"),
                                MessageCheck.ValueOf(message, context.PipelineOptions));
                        }
                    };
                    sender.Send(message);
                    bytes = bytes[message.Length..];
                }
            });
        }
    }
}
