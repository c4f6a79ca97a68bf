using Penstock.S3;

namespace Penstock;

/// <summary>
/// Reads a stream from objects in S3: one object, all objects directly below a prefix, or a glob. The source is bounded unless
/// <see cref="Poll"/> is set.
/// </summary>
/// <param name="path">
/// The objects, such as <c>s3://bucket/flights.csv</c>, <c>s3://bucket/flights</c> or <c>s3://bucket/flights/2001-*.csv.gz</c>.
/// Configuration can override it.
/// </param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Fetch
/// {
///     [S3Source("s3://shop/orders/*.csv.gz", Poll = "30s")]
///     [FileSink("orders.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
[Connector(typeof(S3Connector))]
public sealed class S3SourceAttribute(string path) : SourceAttribute
{
    /// <summary>The object, prefix or glob.</summary>
    public string Path { get; } = path;

    /// <summary>The format of the rows. Default: chosen by the object name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>The character between CSV fields: any ASCII character except a quote or a line end. Default: a comma.</summary>
    public char Delimiter { get; set; } = ',';

    /// <summary>The policy for a row that cannot be read. Default: <see cref="BadRowPolicy.Fail"/>.</summary>
    public BadRowPolicy OnBadRow { get; set; }

    /// <summary>
    /// The size above which an uncompressed object is divided into splits that are read in parallel, such as <c>"16MB"</c> (the default).
    /// </summary>
    public string SplitSize { get; set; } = "16MB";

    /// <summary>
    /// <c>true</c> if quoted CSV fields may contain line ends. An uncompressed object above <see cref="SplitSize"/> is then scanned before
    /// its rows are read, to find where it can be divided. If <c>false</c>, it is divided at any line end, and a row that spans such a
    /// line end fails the pipeline. Default: <c>true</c>.
    /// </summary>
    public bool MultiLine { get; set; } = true;

    /// <summary>
    /// The interval at which the source looks for new objects, such as <c>"30s"</c>, from 1ms to 1d; the source is then unbounded. Default:
    /// no polling; the source reads the objects that exist at its start and ends.
    /// </summary>
    public string? Poll { get; set; }
}

/// <summary>Writes a stream to objects in S3, exactly once. Objects become visible when their checkpoint is complete.</summary>
/// <param name="path">
/// The path from which object names are derived: <c>s3://bucket/out/revenue.csv</c> writes <c>out/revenue-….csv</c>. Configuration can
/// override it.
/// </param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Store
/// {
///     [FileSource("orders.csv")]
///     [S3Sink("s3://shop/out/orders.jsonl")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
[Connector(typeof(S3Connector))]
public sealed class S3SinkAttribute(string path) : SinkAttribute
{
    /// <summary>The path from which object names are derived.</summary>
    public string Path { get; } = path;

    /// <summary>The format of the rows. Default: chosen by the object name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>The size at which an object is closed and the next one is started, such as <c>"256MB"</c> (the default).</summary>
    public string RollSize { get; set; } = "256MB";

    /// <summary>The format in which updates are written. Default: updates are refused.</summary>
    public ChangelogFormat Changelog { get; set; }
}
