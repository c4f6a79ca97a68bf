using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Kafka.Sources;

namespace Penstock.Kafka;

/// <content>Sources.</content>
public static partial class KafkaConnector
{
    /// <summary>Creates a source.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">What it is created from.</param>
    /// <param name="attribute">What the pipeline says.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">Its configuration is wrong.</exception>
    public static ISource<T> CreateSource<T, TReader>(SourceContext context, KafkaSourceAttribute attribute)
        where TReader : struct, IMessageReader<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        return new KafkaSource<T, TReader>(new KafkaSourceSettings(attribute, context), context);
    }
}
