namespace Penstock;

/// <summary>
/// Passes rows on in the order of their event time. Each row is kept until the watermark has passed its time, when no earlier one can
/// come any more.
/// </summary>
/// <remarks>
/// <para>
/// Without <see cref="KeyByAttribute"/> on the same stream, one subtask sorts all rows, whatever the parallelism of the pipeline. With it,
/// rows are partitioned by the key, and the order holds among the rows of each key. Rows with equal times are passed on in the order in
/// which they arrive: those of one split of a source keep their order.
/// </para>
/// <para>
/// A row that is older than the watermark of its split is late: it goes to the side output <see cref="SideOutputs.Late"/> if the pipeline
/// has one, and is counted. At the end of bounded input all rows are passed on. Rows that wait are state, with all of their members: they
/// are in every checkpoint. An upsert stream, such as that of a window with <see cref="TumblingWindowAttribute.AllowedLateness"/>, cannot
/// be the input.
/// </para>
/// </remarks>
/// <param name="input">The stream to read, which must have event time; write it as <c>nameof(Stream)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     [EventTime(nameof(Order.PlacedAt), MaxDelay = "5m")]
///     public partial Stream<Order> Orders { get; }
///
///     [SortByTime(nameof(Orders))]
///     [FileSink("in-order.csv")]
///     public partial Stream<Order> InOrder { get; }
///
///     [SideOutput(nameof(InOrder), SideOutputs.Late)]
///     [FileSink("late.csv")]
///     public partial Stream<Order> Late { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SortByTimeAttribute(string input) : StreamAttribute
{
    /// <summary>The stream that it reads.</summary>
    public string Input { get; } = input;
}
