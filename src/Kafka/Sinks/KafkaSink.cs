using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Kafka.Sinks;

/// <summary>Writes rows to a topic.</summary>
internal sealed class KafkaSink<T, TWriter>(KafkaSinkSettings settings, SinkContext context) : ISink<T>
    where TWriter : struct, IMessageWriter<T>
{
    public ISinkWriter<T> OpenWriter(int subtask)
    {
        var check = new MessageCheck(settings, context);
        return settings.Delivery == KafkaDelivery.ExactlyOnce
            ? new SpoolWriter<T, TWriter>(context, subtask, check)
            : new DirectWriter<T, TWriter>(settings, context, check);
    }

    public ISinkCommitter CreateCommitter() => settings.Delivery == KafkaDelivery.ExactlyOnce
        ? new TransactionCommitter(settings, context, TWriter.Headers)
        : new TopicCheck(settings);
}
