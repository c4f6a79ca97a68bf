namespace Penstock;

/// <summary>
/// Keeps the first row of each key, by event time or by a member of the row. The stream is an upsert stream: when an earlier row comes, it
/// replaces the row that was kept. <see cref="KeyByAttribute"/> on the same stream names the members that form the key.
/// </summary>
/// <remarks>
/// Of several rows with the same time, the one that arrives first is kept, as in Flink. A row that changes nothing is dropped. Only the
/// time of the kept row is state, and in every checkpoint. Either <see cref="Ttl"/> or <see cref="Unbounded"/> says when it is removed. An
/// upsert stream cannot be the input.
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
///     [KeepFirst(nameof(Orders), Ttl = "30d")]
///     [KeyBy(nameof(Order.Customer))]
///     [FileSink("first.csv", Changelog = ChangelogFormat.OpColumn)]
///     public partial Stream<Order> First { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeepFirstAttribute(string input) : StreamAttribute
{
    /// <summary>The stream that it reads.</summary>
    public string Input { get; } = input;

    /// <summary>
    /// The member of the row by which rows are compared; write it as <c>nameof(Row.Member)</c>. Null comes before all other values, and
    /// strings are compared ordinally. Default: the event time of the row.
    /// </summary>
    public string? OrderBy { get; set; }

    /// <summary>
    /// The time for which a key is remembered after a row of it was emitted, such as <c>1d</c>. A row after that time is a new row.
    /// Default: none; then <see cref="Unbounded"/> must be set.
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
