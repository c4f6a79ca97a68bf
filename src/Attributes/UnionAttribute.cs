namespace Penstock;

/// <summary>
/// Merges several other streams of the pipeline into one, in order of arrival. The rows of one input keep their order; the order between
/// rows of different inputs is undefined.
/// </summary>
/// <remarks>
/// All inputs must have the row type of the stream. Either all of them have event time, or none has. The watermark of the stream is the
/// smallest of its inputs' watermarks; whether a row is late depends on the time of its own input. An upsert stream, such as that of a
/// window with <see cref="TumblingWindowAttribute.AllowedLateness"/>, cannot be an input. A union has no state in checkpoints.
/// </remarks>
/// <param name="inputs">The streams: at least two, without duplicates; write them as <c>nameof(Stream)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     public partial Stream<Order> Orders { get; }
///
///     [FileSource("corrections.csv")]
///     public partial Stream<Order> Corrections { get; }
///
///     [Union(nameof(Orders), nameof(Corrections), Prefer = nameof(Corrections))]
///     [FileSink("all.csv")]
///     public partial Stream<Order> All { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnionAttribute(params string[] inputs) : StreamAttribute
{
    /// <summary>The streams that the union merges.</summary>
    public IReadOnlyList<string> Inputs { get; } = inputs;

    /// <summary>
    /// The input that has priority when rows of several inputs are waiting; write it as <c>nameof(Stream)</c>. Default: rows are processed
    /// in order of arrival.
    /// </summary>
    /// <remarks>
    /// While the preferred input has waiting rows, the rows of other inputs wait, and their sources slow down. Checkpoints do not wait
    /// for this. The option affects only rows that are waiting. It has no effect on inputs that come from one source in the same thread,
    /// because their rows are already in order.
    /// </remarks>
    public string? Prefer { get; set; }
}
