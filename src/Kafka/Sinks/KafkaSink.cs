using Penstock.Formats;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>Delivers rows to a topic.</summary>
internal sealed class KafkaSink<T, TWriter>(KafkaSinkSettings settings, SinkContext context) : ISink<T>
    where TWriter : struct, IMessageWriter<T>
{
    public ISinkWriter<T> OpenWriter(int subtask)
    {
        var limit = new MessageLimit(settings.Clients, settings.Topic, settings.Place);
        return settings.Delivery == KafkaDelivery.ExactlyOnce ? new SpoolWriter<T, TWriter>(context, limit) : new DirectWriter<T, TWriter>(settings, context, limit);
    }

    public ISinkCommitter CreateCommitter() => settings.Delivery == KafkaDelivery.ExactlyOnce ? new TransactionCommitter(settings, context, TWriter.Headers) : new TopicCheck(settings);
}
