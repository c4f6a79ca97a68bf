namespace Penstock;

/// <summary>
/// Groups the rows of each key into sessions by event time: a session lasts as long as rows of the key come, and ends when none has come
/// for the gap. A row covers the time from its own up to, but not including, this time plus the gap. Rows of a key that overlap are in the
/// same session, so a row exactly one gap after the last one begins the next session. The operator must have one
/// <see cref="AccumulateAttribute"/> method, one <see cref="MergeAttribute"/> method and one <see cref="FireAttribute"/> method. A row that
/// comes out of order can join two sessions: their states are then merged. A session fires when the watermark reaches its end.
/// </summary>
/// <param name="gap">The time without rows of the key after which a session ends, such as <c>"30m"</c>; longer than zero.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Customer)), SessionWindow("30m")]
/// public sealed partial class SpentPerVisit
/// {
///     [State] private partial ref decimal Total { get; }
///
///     [Accumulate]
///     private void Add(in Order order) => Total += order.Amount;
///
///     [Merge]
///     private void Merge(in Accumulator other) => Total += other.Total;
///
///     [Fire]
///     private ShopTotal Close(in Window<string> window) => new(window.Key, Total);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SessionWindowAttribute(string gap) : Attribute
{
    /// <summary>The time without rows of the key after which a session ends.</summary>
    public string Gap { get; } = gap;

    /// <summary>
    /// The time after its end during which a session is kept, so that late rows can extend it, or join it with another one. It then fires
    /// again. If the time is set, the output is an upsert stream keyed by key and start, and a result is deleted if its session starts
    /// earlier now, or was merged into another one. Default: <c>"0s"</c>.
    /// </summary>
    public string AllowedLateness { get; set; } = "0s";
}
