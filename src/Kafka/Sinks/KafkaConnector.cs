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
        var settings = new KafkaSinkSettings(attribute, context);

        // Bad rows with a key that the user chose are written like all other rows.
        return typeof(T) == typeof(BadRow) && attribute is { Format: MessageFormat.Raw, Key: null }
            ? (ISink<T>)(object)new KafkaSink<BadRow, DeadLetterWriter>(settings, context)
            : new KafkaSink<T, TWriter>(settings, context);
    }
}
