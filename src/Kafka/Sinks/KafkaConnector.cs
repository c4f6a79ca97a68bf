using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Kafka.Sinks;

namespace Penstock.Kafka;

/// <summary>Creates the connectors of this package. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class KafkaConnector
{
    /// <summary>Creates a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="context">The context of the sink.</param>
    /// <param name="attribute">The attribute of the stream.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="PipelineException">The configuration of the sink is invalid.</exception>
    public static ISink<T> CreateSink<T, TWriter>(SinkContext context, KafkaSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        return new KafkaSink<T, TWriter>(new KafkaSinkSettings(attribute, context), context);
    }

    /// <summary>Creates a sink of bad rows in the raw format that chooses no key. It writes the messages as they were received.</summary>
    /// <param name="context">The context of the sink.</param>
    /// <param name="attribute">The attribute of the stream.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="PipelineException">The configuration of the sink is invalid.</exception>
    public static ISink<BadRow> CreateDeadLetterSink(SinkContext context, KafkaSinkAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        return new KafkaSink<BadRow, DeadLetterWriter>(new KafkaSinkSettings(attribute, context), context);
    }
}
