namespace Penstock;

/// <summary>
/// Says which class makes the source or sink that an attribute stands for. A package of connectors puts it on its own attributes, which
/// derive from <see cref="SourceAttribute"/> or <see cref="SinkAttribute"/>.
/// </summary>
/// <remarks>
/// The compiler writes the attribute of a stream down once more, as the settings of its connector, and calls a public static method of the
/// factory with them. Where the attribute has a <c>Format</c> of type <see cref="MessageFormat"/>, these are
/// <c>CreateSource&lt;T, TReader&gt;(SourceContext, TAttribute)</c> and <c>CreateSink&lt;T, TWriter&gt;(SinkContext, TAttribute)</c>, for a
/// generated reader or writer of messages. Where its type is <see cref="FileFormat"/>, they are <c>CreateCsvSource</c>,
/// <c>CreateJsonLinesSource</c> and <c>CreateSink</c>, for generated readers and writers of files. Properties called <c>OnBadRow</c>,
/// <c>Delimiter</c>, <c>SplitSize</c>, <c>RollSize</c>, <c>MultiLine</c>, <c>Poll</c>, <c>Key</c> and <c>Changelog</c> mean what they mean
/// on the attributes of Penstock itself.
/// </remarks>
/// <param name="factory">The class with the methods.</param>
/// <example>
/// <code><![CDATA[
/// [AttributeUsage(AttributeTargets.Property)]
/// [Connector(typeof(QueueConnector))]
/// public sealed class QueueSourceAttribute(string queue) : SourceAttribute
/// {
///     public string Queue { get; } = queue;
///
///     public MessageFormat Format { get; set; }
/// }
///
/// public static class QueueConnector
/// {
///     public static ISource<T> CreateSource<T, TReader>(SourceContext context, QueueSourceAttribute attribute)
///         where TReader : struct, IMessageReader<T> => new QueueSource<T, TReader>(attribute.Queue);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConnectorAttribute(Type factory) : Attribute
{
    /// <summary>The class with the methods.</summary>
    public Type Factory { get; } = factory;
}

/// <summary>
/// Declares what a connector of messages knows of a message besides its value, so that the compiler can check
/// <see cref="MetadataAttribute"/>.
/// </summary>
/// <param name="name">The name; one that ends in <c>:*</c> stands for all that begin with what is before the asterisk.</param>
/// <param name="types">The types that a member may have; none where it is text, from which any type of column can be read, or
/// bytes.</param>
/// <example>
/// <code><![CDATA[
/// [AttributeUsage(AttributeTargets.Property)]
/// [Connector(typeof(QueueConnector))]
/// [ConnectorMetadata("key")]
/// [ConnectorMetadata("header:*")]
/// [ConnectorMetadata("sent", typeof(DateTimeOffset), IsReadOnly = true)]
/// public sealed class QueueSourceAttribute(string queue) : SourceAttribute
/// {
///     public string Queue { get; } = queue;
///
///     public MessageFormat Format { get; set; }
/// }
///
/// public static class QueueConnector
/// {
///     public static ISource<T> CreateSource<T, TReader>(SourceContext context, QueueSourceAttribute attribute)
///         where TReader : struct, IMessageReader<T> => new QueueSource<T, TReader>(attribute.Queue);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ConnectorMetadataAttribute(string name, params Type[] types) : Attribute
{
    /// <summary>The name by which <see cref="MetadataAttribute"/> asks for it.</summary>
    public string Name { get; } = name;

    /// <summary>The types that a member may have.</summary>
    public Type[] Types { get; } = types;

    /// <summary>
    /// Whether it is only ever read, such as the place of a message: a sink leaves the member out, and the compiler warns of it unless the
    /// pipeline reads rows of the same type from messages. Default: false.
    /// </summary>
    public bool IsReadOnly { get; set; }
}

/// <summary>
/// Declares what the text of a connector's option must be, so that the compiler can check a constant as the connector checks what is
/// configured.
/// </summary>
/// <param name="text">What it must be.</param>
/// <example>
/// <code><![CDATA[
/// [AttributeUsage(AttributeTargets.Property)]
/// [Connector(typeof(QueueConnector))]
/// public sealed class QueueSourceAttribute(string queue) : SourceAttribute
/// {
///     public string Queue { get; } = queue;
///
///     public MessageFormat Format { get; set; }
///
///     [ConnectorOption(ConnectorText.Instant)]
///     public string? From { get; set; }
///
///     [ConnectorOption(ConnectorText.Instant, After = nameof(From))]
///     public string? Until { get; set; }
/// }
///
/// public static class QueueConnector
/// {
///     public static ISource<T> CreateSource<T, TReader>(SourceContext context, QueueSourceAttribute attribute)
///         where TReader : struct, IMessageReader<T> => new QueueSource<T, TReader>(attribute.Queue);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectorOptionAttribute(ConnectorText text) : Attribute
{
    /// <summary>What it must be.</summary>
    public ConnectorText Text { get; } = text;

    /// <summary>
    /// Another option of the same attribute, an enum, which must be <see cref="Value"/> for this one to mean anything; null when there is
    /// none.
    /// </summary>
    public string? Needs { get; set; }

    /// <summary>For <see cref="Needs"/>: the value.</summary>
    public object? Value { get; set; }

    /// <summary>Another option with the same kind of text, for the begin of what this one is the end of; null when there is none.</summary>
    public string? After { get; set; }
}

/// <summary>What the text of a connector's option must be.</summary>
public enum ConnectorText
{
    /// <summary>A time since 1970, in ISO 8601.</summary>
    Instant,

    /// <summary>Partitions, each once and with an offset, such as <c>0:100, 1:250</c> or <c>orders/0:100</c>.</summary>
    Offsets,
}

/// <summary>
/// Says that a member of a row stands beside the value of a message, such as its key, its offset, or a header. Connectors of files know no
/// metadata: to them the member is a column like any other.
/// </summary>
/// <param name="name">The name that the connector has for it, such as <c>"key"</c> or <c>"header:trace"</c>.</param>
/// <example>
/// <code>
/// public sealed record Click(string Page, [Metadata("key")] string User, [Metadata("header:trace")] string? Trace);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class MetadataAttribute(string name) : Attribute
{
    /// <summary>The name that the connector has for it.</summary>
    public string Name { get; } = name;
}

/// <summary>The format of the value of a message.</summary>
public enum MessageFormat
{
    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>One record of comma-separated values (RFC 4180), without a header: the columns in the order of their declaration.</summary>
    Csv,

    /// <summary>The bytes or the text as they are: the value of the one member that has no <see cref="MetadataAttribute"/>.</summary>
    Raw,

    /// <summary>What MemoryPack writes for the row type, which must be marked with <c>[MemoryPackable]</c>.</summary>
    MemoryPack,
}
