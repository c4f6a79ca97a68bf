using System.ComponentModel;
using Penstock.Formats;
using Penstock.Kafka.Sinks;
using Penstock.Sinks;

namespace Penstock.Kafka;

/// <summary>Creates the connectors of this package. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class KafkaConnector
{
    /// <summary>Creates a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="context">What it is created from.</param>
    /// <param name="attribute">What the pipeline says.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="PipelineException">Its configuration is wrong.</exception>
    public static ISink<T> CreateSink<T, TWriter>(SinkContext context, KafkaSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        return new KafkaSink<T, TWriter>(new KafkaSinkSettings(attribute, context), context);
    }
}
