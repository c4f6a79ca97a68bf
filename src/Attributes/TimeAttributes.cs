namespace Penstock;

/// <summary>
/// Gives a source stream event time. It names the member with the event time of a row, and sets how far rows may lag behind the newest one.
/// The watermark of a split is its largest event time so far minus <see cref="MaxDelay"/>.
/// </summary>
/// <remarks>
/// Event times must be in the years 2 to 9998. A row with any other event time is a bad row, so a marker such as
/// <see cref="DateTime.MaxValue"/> does not move the watermark to its end.
/// </remarks>
/// <param name="member">
/// The member of the row type that holds the event time (DateTime, DateTimeOffset, or a long or int that counts a <see cref="Unit"/> since
/// 1970; nullable if <see cref="OnNull"/> is set); write it as <c>nameof(Row.Member)</c>.
/// </param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Copy
/// {
///     [FileSource("orders.csv")]
///     [EventTime(nameof(Order.PlacedAt), MaxDelay = "5s", Idle = "30s")]
///     [FileSink("copy.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EventTimeAttribute(string member) : Attribute
{
    /// <summary>The member of the row type that holds the event time.</summary>
    public string Member { get; } = member;

    /// <summary>
    /// The time unit that a member of type long or int counts since 1970; unused for other types. Default:
    /// <see cref="TimeUnit.Microseconds"/>.
    /// </summary>
    public TimeUnit Unit { get; set; } = TimeUnit.Microseconds;

    /// <summary>
    /// The maximum time by which a row may lag behind the newest row of its split without being late, such as <c>"5s"</c>. Default:
    /// <c>"0s"</c>, which declares that the rows of a split are in order: a row that is not is counted, and the first one of a split is
    /// logged.
    /// </summary>
    public string MaxDelay { get; set; } = "0s";

    /// <summary>
    /// The time for which a split must be at its known end before it stops holding the watermark back, such as <c>"30s"</c>.
    /// Default: such a split always holds the watermark back.
    /// </summary>
    public string? Idle { get; set; }

    /// <summary>
    /// What happens to a row whose event time is null. Required for a nullable member, and not allowed for any other.
    /// </summary>
    public NullTimePolicy OnNull { get; set; }
}

/// <summary>What a source does with an untimed row: one whose event time is null. Such a row does not advance the watermark.</summary>
public enum NullTimePolicy
{
    /// <summary>The pipeline fails, with an error that names the position of the row.</summary>
    Fail,

    /// <summary>The row is skipped and counted.</summary>
    Skip,

    /// <summary>The row is counted and goes to the side output <see cref="SideOutputs.Untimed"/>.</summary>
    SideOutput,
}

/// <summary>
/// Marks a static method of a pipeline that decides the watermarks of a source stream from its rows, in place of
/// <see cref="EventTimeAttribute.MaxDelay"/>. It is called for each row, in the order of its split, with the row and its event time, and
/// returns the event time up to which the split is now complete, or null if the row says nothing about it.
/// </summary>
/// <remarks>
/// The method must return the same for the same row each time, so that a restart does not change results. It returns a
/// <see cref="DateTimeOffset"/>, or a <c>long</c> in microseconds since 1970, either of them nullable. The watermark of a split is the
/// largest one that was returned, and takes effect after the row.
/// </remarks>
/// <param name="stream">The stream, which has <see cref="EventTimeAttribute"/>; write it as <c>nameof(Stream)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Copy
/// {
///     [FileSource("orders.csv")]
///     [EventTime(nameof(Order.PlacedAt))]
///     [FileSink("copy.csv")]
///     public partial Stream<Order> Orders { get; }
///
///     // A row of this shop ends its hour.
///     [Watermark(nameof(Orders))]
///     private static DateTimeOffset? OnOrder(in Order order, DateTimeOffset time) => order.Shop == "end" ? time : null;
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WatermarkAttribute(string stream) : Attribute
{
    /// <summary>The stream whose watermarks the method decides.</summary>
    public string Stream { get; } = stream;
}

/// <summary>
/// Gives a source stream ingestion time: the event time of a row is the time at which the source reads it, by the clock of the pipeline.
/// The watermark follows the clock, so windows fire without further rows, and no row is late in its split.
/// </summary>
/// <remarks>
/// Results depend on when rows are read. A row that is read again after a failure gets a new time, so it may come into another window than
/// before. A pipeline with <see cref="PipelineAttribute.Deterministic"/> refuses it.
/// </remarks>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Copy
/// {
///     [FileSource("inbox/*.csv", Poll = "10s")]
///     [IngestionTime]
///     [FileSink("copy.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IngestionTimeAttribute : Attribute;

/// <summary>
/// Groups the rows of each key into event-time windows of a fixed size, without gaps or overlap.
/// The operator must have one <see cref="AccumulateAttribute"/> method and one <see cref="FireAttribute"/> method.
/// </summary>
/// <param name="size">The length of a window, such as <c>"10m"</c> or <c>"1h"</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", Offset = "5m")]
/// public sealed partial class Revenue
/// {
///     [State] private partial ref decimal Total { get; }
///
///     [Accumulate]
///     private void Add(in Order order) => Total += order.Amount;
///
///     [Fire]
///     private ShopTotal Close(in Window<string> window) => new(window.Key, Total);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TumblingWindowAttribute(string size) : Attribute
{
    /// <summary>The length of a window.</summary>
    public string Size { get; } = size;

    /// <summary>
    /// The offset of the window boundaries from the Unix epoch; must be shorter than <see cref="Size"/>. Default: <c>"0s"</c>.
    /// </summary>
    public string Offset { get; set; } = "0s";

    /// <summary>
    /// The time after its end during which a window still accepts rows and fires again for them. If it is set, the output is an upsert
    /// stream keyed by key and window. Default: <c>"0s"</c>.
    /// </summary>
    public string AllowedLateness { get; set; } = "0s";
}
