using Penstock.S3;

namespace Penstock;

/// <summary>
/// Reads a stream from objects in S3: one object, those directly below a prefix, or a glob. Bounded, unless <see cref="Poll"/> is set.
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
    /// <summary>The objects.</summary>
    public string Path { get; } = path;

    /// <summary>The format of the rows. Default: by name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>The character between the fields of CSV: an ASCII character other than a quote or a line end. Default: a comma.</summary>
    public char Delimiter { get; set; } = ',';

    /// <summary>What to do with a row that cannot be read. Default: fail.</summary>
    public BadRowPolicy OnBadRow { get; set; }

    /// <summary>
    /// The size above which a plain object is divided into splits that are read in parallel, such as <c>"16MB"</c> (the default).
    /// </summary>
    public string SplitSize { get; set; } = "16MB";

    /// <summary>
    /// Whether fields of CSV in quotes may hold line ends. Default: true; a plain object above <see cref="SplitSize"/> is then read once
    /// before its rows are, to find where it can be divided. When false, it is divided at any line end, and a row that reaches over one of
    /// these fails the pipeline.
    /// </summary>
    public bool MultiLine { get; set; } = true;

    /// <summary>
    /// How often to look for new objects, such as <c>"30s"</c>, from 1ms to 1d: the source is unbounded then. Default: never; the source
    /// ends with the objects that were there at its start.
    /// </summary>
    public string? Poll { get; set; }
}

/// <summary>Delivers a stream to objects in S3. They become visible when their checkpoint is complete, exactly once.</summary>
/// <param name="path">
/// What the names of the objects are derived from: <c>s3://bucket/out/revenue.csv</c> writes <c>out/revenue-….csv</c>. Configuration can
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
    /// <summary>What the names of the objects are derived from.</summary>
    public string Path { get; } = path;

    /// <summary>The format of the rows. Default: by name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>The size at which an object is closed and the next one begun, such as <c>"256MB"</c> (the default).</summary>
    public string RollSize { get; set; } = "256MB";

    /// <summary>How updates are written. Default: they are refused.</summary>
    public ChangelogFormat Changelog { get; set; }
}
