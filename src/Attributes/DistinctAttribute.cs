namespace Penstock;

/// <summary>
/// Passes on the first row of each key, in the order of arrival, and drops the others. <see cref="KeyByAttribute"/> on the same stream
/// names the members that form the key. Without it, the key consists of all columns of the row.
/// </summary>
/// <remarks>
/// The keys that were seen are state: they are in every checkpoint. Either <see cref="Ttl"/> or <see cref="Unbounded"/> says when they are
/// removed. Members that are null are equal, as in a <c>GROUP BY</c>. An upsert stream, such as that of a window with
/// <see cref="TumblingWindowAttribute.AllowedLateness"/>, cannot be the input.
/// </remarks>
/// <param name="input">The stream to read; write it as <c>nameof(Stream)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     [EventTime(nameof(Order.PlacedAt), MaxDelay = "5m")]
///     public partial Stream<Order> Orders { get; }
///
///     // The first order of each customer in a shop, and again after a day.
///     [Distinct(nameof(Orders), Ttl = "1d")]
///     [KeyBy(nameof(Order.Shop), nameof(Order.Customer))]
///     [FileSink("daily.csv")]
///     public partial Stream<Order> Daily { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DistinctAttribute(string input) : StreamAttribute
{
    /// <summary>The stream that it reads.</summary>
    public string Input { get; } = input;

    /// <summary>
    /// The time for which a key is remembered after its row was passed on, such as <c>1d</c>. Rows that are dropped do not extend it. A row
    /// after that time is passed on again. Default: none; then <see cref="Unbounded"/> must be set.
    /// </summary>
    public string? Ttl { get; set; }

    /// <summary>The time that <see cref="Ttl"/> measures. Default: event time if the rows have it, otherwise processing time.</summary>
    public TtlTime TtlTime { get; set; }

    /// <summary>
    /// <c>true</c> to remember every key forever, so that the state grows with the number of keys. Default: <c>false</c>; then
    /// <see cref="Ttl"/> must be set.
    /// </summary>
    public bool Unbounded { get; set; }
}
