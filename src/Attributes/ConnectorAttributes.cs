namespace Penstock;

/// <summary>
/// Names the class that creates the source or sink of a connector's attribute. A connector package puts it on its own attributes, which
/// derive from <see cref="SourceAttribute"/> or <see cref="SinkAttribute"/>.
/// </summary>
/// <remarks>
/// The generated code recreates the attribute of the stream, as the settings of its connector, and passes it to a public static method of
/// the factory. If the attribute has a <c>Format</c> of type <see cref="MessageFormat"/>, the methods are <c>CreateSource&lt;T,
/// TReader&gt;(SourceContext, TAttribute)</c> and <c>CreateSink&lt;T, TWriter&gt;(SinkContext, TAttribute)</c>, for a generated reader or
/// writer of messages. A sink of bad rows in the raw format that chooses no key is created by <c>CreateDeadLetterSink(SinkContext,
/// TAttribute)</c> if there is such a method: it writes them itself. If the type of <c>Format</c> is <see cref="FileFormat"/>, the methods
/// are <c>CreateCsvSource</c> and <c>CreateJsonLinesSource</c>, and <c>CreateSink</c>, or <c>CreateCsvSink</c> and
/// <c>CreateJsonLinesSink</c>, for generated readers and writers of files. A connector does not have the formats for which it has no
/// method. The return type of a method tells which optional interfaces the generated code serves, such as <c>IEventTimeSink</c>: let it be
/// a type that implements them. Properties named <c>OnBadRow</c>, <c>Delimiter</c>, <c>SplitSize</c>, <c>RollSize</c>, <c>MultiLine</c>,
/// <c>Poll</c>, <c>Key</c> and <c>Changelog</c> have the same meaning as on Penstock's own attributes. A default other than theirs is
/// declared by <see cref="System.ComponentModel.DefaultValueAttribute"/>.
/// </remarks>
/// <param name="factory">The class with the factory methods.</param>
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
    /// <summary>The class with the factory methods.</summary>
    public Type Factory { get; } = factory;
}

/// <summary>
/// Declares a piece of metadata that a message connector has for a message besides its value. The compiler uses it to check
/// <see cref="MetadataAttribute"/>.
/// </summary>
/// <param name="name">The name of the metadata. A name that ends in <c>:*</c> matches all names with that prefix.</param>
/// <param name="types">The types that a member may have. Empty if the metadata is text, which any column type can be read from, or
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
    /// <summary>The name that <see cref="MetadataAttribute"/> refers to.</summary>
    public string Name { get; } = name;

    /// <summary>The types that a member may have.</summary>
    public Type[] Types { get; } = types;

    /// <summary>
    /// <c>true</c> if the metadata can only be read, such as the position of a message. A sink omits the member, and the compiler warns
    /// about it unless the pipeline reads rows of the same type from messages. Default: <c>false</c>.
    /// </summary>
    public bool IsReadOnly { get; set; }
}

/// <summary>
/// Declares the required syntax of a connector's text option. The compiler checks constants by the same rules by which the connector
/// checks configured values.
/// </summary>
/// <param name="text">The required syntax.</param>
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
///     [ConnectorOption(ConnectorOptionFormat.Instant)]
///     public string? From { get; set; }
///
///     [ConnectorOption(ConnectorOptionFormat.Instant, After = nameof(From))]
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
public sealed class ConnectorOptionAttribute(ConnectorOptionFormat text) : Attribute
{
    /// <summary>The required syntax.</summary>
    public ConnectorOptionFormat Text { get; } = text;

    /// <summary>
    /// Another option of the same attribute, of an enum type, which must have the value <see cref="Value"/> for this option to have an
    /// effect; null if there is none.
    /// </summary>
    public string? Needs { get; set; }

    /// <summary>The value that the option <see cref="Needs"/> must have.</summary>
    public object? Value { get; set; }

    /// <summary>
    /// Another option with the same syntax, which is the start of a range that this option ends; null if there is none.
    /// </summary>
    public string? After { get; set; }
}

/// <summary>The syntax of a connector's text option.</summary>
public enum ConnectorOptionFormat
{
    /// <summary>A time in ISO 8601, in 1970 or later.</summary>
    Instant,

    /// <summary>Partitions with their offsets, without duplicates, such as <c>0:100, 1:250</c> or <c>orders/0:100</c>.</summary>
    Offsets,
}

/// <summary>
/// Maps a member of a row to metadata of a message, such as its key, its offset, or a header. File connectors have no metadata: they treat
/// the member as an ordinary column.
/// </summary>
/// <param name="name">The connector's name for the metadata, such as <c>"key"</c> or <c>"header:trace"</c>.</param>
/// <example>
/// <code>
/// public sealed record Click(string Page, [Metadata("key")] string User, [Metadata("header:trace")] string? Trace);
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class MetadataAttribute(string name) : Attribute
{
    /// <summary>The connector's name for the metadata.</summary>
    public string Name { get; } = name;
}

/// <summary>The format of the value of a message.</summary>
public enum MessageFormat
{
    /// <summary>A JSON object.</summary>
    Json,

    /// <summary>
    /// One record of comma-separated values (RFC 4180), without a header; the columns are in the order of their declaration.
    /// </summary>
    Csv,

    /// <summary>The unchanged bytes or text of the only member that has no <see cref="MetadataAttribute"/>.</summary>
    Raw,

    /// <summary>The MemoryPack encoding of the row type, which must be marked with <c>[MemoryPackable]</c>.</summary>
    MemoryPack,
}
