namespace Penstock;

/// <summary>The format of the rows in a file.</summary>
public enum FileFormat
{
    /// <summary>Chosen by the file name: <c>.csv</c> or <c>.jsonl</c>, each also with <c>.gz</c>.</summary>
    Auto,

    /// <summary>Comma-separated values (RFC 4180) with a header line.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    JsonLines,
}

/// <summary>The policy of a source for a row that cannot be read.</summary>
public enum BadRowPolicy
{
    /// <summary>
    /// Fails the pipeline with an error that names the file, the line, the column, the field, the text and the expected value.
    /// </summary>
    Fail,

    /// <summary>Drops the row and counts it.</summary>
    Skip,

    /// <summary>Sends the row to the side output <see cref="SideOutputs.BadRows"/> and counts it.</summary>
    SideOutput,
}

/// <summary>
/// Reads a stream from a file, a folder, or a glob (<c>data/2001-*.csv.gz</c>). The source is bounded unless <see cref="Poll"/> is set.
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

    /// <summary>The format of the rows. Default: chosen by the file name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>
    /// The character between the fields of a CSV file: any ASCII character except a quote or a line end. Default: a comma.
    /// </summary>
    public char Delimiter { get; set; } = ',';

    /// <summary>The policy for a row that cannot be read. Default: <see cref="BadRowPolicy.Fail"/>.</summary>
    public BadRowPolicy OnBadRow { get; set; }

    /// <summary>
    /// The size above which an uncompressed file is divided into splits that are read in parallel, such as <c>"16MB"</c> (the default).
    /// Split boundaries depend only on the file and this size, never on the parallelism.
    /// </summary>
    public string SplitSize { get; set; } = "16MB";

    /// <summary>
    /// <c>true</c> if quoted CSV fields may contain line ends. An uncompressed file above <see cref="SplitSize"/> is then scanned before
    /// its rows are read, to find where it can be divided. If <c>false</c>, it is divided at any line end, and a row that spans such a
    /// line end fails the pipeline. Default: <c>true</c>.
    /// </summary>
    public bool MultiLine { get; set; } = true;

    /// <summary>
    /// The interval at which the source looks for new files, such as <c>"5s"</c>, from 1ms to 1d; the source is then unbounded. Default:
    /// no polling; the source reads the files that exist at its start and ends.
    /// </summary>
    public string? Poll { get; set; }
}

/// <summary>Writes a stream to part files in a folder, exactly once. Parts become visible when their checkpoint is complete.</summary>
/// <param name="path">
/// The folder and format of the part files: <c>"revenue.csv"</c> writes files <c>revenue-…​.csv</c> into the working
/// directory, <c>"out/revenue.jsonl"</c> files <c>revenue-….jsonl</c> into <c>out</c>; with the suffix <c>.gz</c> they are compressed.
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

    /// <summary>The format of the rows. Default: chosen by the file name.</summary>
    public FileFormat Format { get; set; }

    /// <summary>The size at which a part file is closed and the next one is started, such as <c>"256MB"</c> (the default).</summary>
    public string RollSize { get; set; } = "256MB";

    /// <summary>The format in which updates are written. Default: updates are refused.</summary>
    public ChangelogFormat Changelog { get; set; }
}
