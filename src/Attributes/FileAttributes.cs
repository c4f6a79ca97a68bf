namespace Penstock;

/// <summary>The format of the rows in a file.</summary>
public enum FileFormat
{
    /// <summary>Chosen by the file name: <c>.csv</c> or <c>.jsonl</c>, each also with <c>.gz</c>.</summary>
    Auto,

    /// <summary>Comma-separated values (RFC 4180) with a header line.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    JsonLines,
}

/// <summary>What a source does with a row that cannot be read.</summary>
public enum BadRowPolicy
{
    /// <summary>Fails the pipeline, naming file, line, column, field, the text and what was expected.</summary>
    Fail,

    /// <summary>Drops the row and counts it.</summary>
    Skip,

    /// <summary>Sends the row to the side output <see cref="SideOutputs.BadRows"/> and counts it.</summary>
    SideOutput,
}

/// <summary>
/// Reads a stream from one file, a folder, or a glob (<c>data/2001-*.csv.gz</c>). Bounded, unless <see cref="Poll"/> is set.
/// </summary>
/// <param name="path">The file, folder or glob; relative to the working directory. Configuration can override it.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class ConvertOrders
/// {
///     [FileSource("in/orders-*.csv.gz", OnBadRow = BadRowPolicy.Skip, Poll = "10s")]
///     [FileSink("out/orders.jsonl")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FileSourceAttribute(string path) : SourceAttribute
{
    /// <summary>The file, folder or glob.</summary>
    public string Path { get; } = path;

    /// <summary>The format of the rows. Default: by file name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>
    /// The character between the fields of a CSV file: an ASCII character other than a quote or a line end. Default: a comma.
    /// </summary>
    public char Delimiter { get; set; } = ',';

    /// <summary>What to do with a row that cannot be read. Default: fail.</summary>
    public BadRowPolicy OnBadRow { get; set; }

    /// <summary>
    /// The size above which a plain file is divided into splits that are read in parallel, such as <c>"16MB"</c> (the default).
    /// Split boundaries depend on the file and this size alone, never on the parallelism.
    /// </summary>
    public string SplitSize { get; set; } = "16MB";

    /// <summary>
    /// Whether fields of CSV in quotes may hold line ends. Default: true; a plain file above <see cref="SplitSize"/> is then read once
    /// before its rows are, to find where it can be divided. When false, it is divided at any line end, and a row that reaches over one of
    /// these fails the pipeline.
    /// </summary>
    public bool MultiLine { get; set; } = true;

    /// <summary>
    /// How often to look for new files, such as <c>"5s"</c>, from 1ms to 1d: the source is unbounded then. Default: never; the source ends
    /// with the files that were there at its start.
    /// </summary>
    public string? Poll { get; set; }
}

/// <summary>Delivers a stream to part files in a folder. Parts become visible when their checkpoint is complete, exactly once.</summary>
/// <param name="path">
/// The folder and format of the part files: <c>"revenue.csv"</c> writes files <c>revenue-…​.csv</c> into the working
/// directory, <c>"out/revenue.jsonl"</c> files <c>revenue-….jsonl</c> into <c>out</c>; with <c>.gz</c> behind it they are compressed.
/// Configuration can override it.
/// </param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class ConvertOrders
/// {
///     [FileSource("orders.csv")]
///     [FileSink("out/orders.jsonl.gz", RollSize = "64MB")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class FileSinkAttribute(string path) : SinkAttribute
{
    /// <summary>The folder and name of the part files.</summary>
    public string Path { get; } = path;

    /// <summary>The format of the rows. Default: by file name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>The size at which a part file is closed and the next one begun, such as <c>"256MB"</c> (the default).</summary>
    public string RollSize { get; set; } = "256MB";

    /// <summary>How updates are written. Default: they are refused.</summary>
    public ChangelogFormat Changelog { get; set; }
}
