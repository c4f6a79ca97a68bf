using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Kafka.Sources;

namespace Penstock.Kafka;

/// <content>Creates sources.</content>
public static partial class KafkaConnector
{
    /// <summary>Creates a source.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the source.</param>
    /// <param name="attribute">The attribute of the stream.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The configuration of the source is invalid.</exception>
    public static ISource<T> CreateSource<T, TReader>(SourceContext context, KafkaSourceAttribute attribute)
        where TReader : struct, IMessageReader<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        return new KafkaSource<T, TReader>(new KafkaSourceSettings(attribute, context), context);
    }
}
