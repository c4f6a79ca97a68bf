namespace Penstock;

/// <summary>
/// Groups the rows of each key into event-time windows of a fixed size that overlap: one window ends at each multiple of
/// <see cref="Slide"/>, so each row counts in several windows. The operator must have one <see cref="AccumulateAttribute"/> method, one
/// <see cref="MergeAttribute"/> method and one <see cref="FireAttribute"/> method. Rows are added to one slice each, as long as the slide;
/// a window that fires merges its slices. A window without rows of a key does not fire for that key.
/// </summary>
/// <param name="size">The length of a window, such as <c>"1h"</c>; a multiple of the slide.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop)), SlidingWindow("1h", Slide = "1m")]
/// public sealed partial class RevenueOfLastHour
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
public sealed class SlidingWindowAttribute(string size) : Attribute
{
    /// <summary>The length of a window.</summary>
    public string Size { get; } = size;

    /// <summary>The distance between the ends of two windows, such as <c>"1m"</c>; not longer than <see cref="Size"/>.</summary>
    public required string Slide { get; set; }

    /// <summary>
    /// The offset of the window boundaries from the Unix epoch; must be shorter than <see cref="Slide"/>. Default: <c>"0s"</c>.
    /// </summary>
    public string Offset { get; set; } = "0s";

    /// <summary>
    /// The time after its end during which a window still accepts rows and fires again for them. If it is set, the output is an upsert
    /// stream keyed by key and window. Default: <c>"0s"</c>.
    /// </summary>
    public string AllowedLateness { get; set; } = "0s";
}

/// <summary>
/// Groups the rows of each key into event-time windows that grow: all windows of a day, say, start when it starts, and one ends at each
/// <see cref="Step"/>. The operator must have one <see cref="AccumulateAttribute"/> method, one <see cref="MergeAttribute"/> method and one
/// <see cref="FireAttribute"/> method. A window without rows of a key does not fire for that key.
/// </summary>
/// <param name="size">The length of the longest window, such as <c>"1d"</c>; a multiple of the step.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop)), CumulativeWindow("1d", Step = "1h")]
/// public sealed partial class RevenueOfTheDaySoFar
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
public sealed class CumulativeWindowAttribute(string size) : Attribute
{
    /// <summary>The length of the longest window.</summary>
    public string Size { get; } = size;

    /// <summary>The distance between the ends of two windows, such as <c>"1h"</c>; not longer than <see cref="Size"/>.</summary>
    public required string Step { get; set; }

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

/// <summary>
/// Marks the method of an operator with overlapping windows, or sessions, that merges the state of other rows of the same key into the
/// <see cref="StateAttribute"/> properties: <c>void Method(in Accumulator other)</c>. The compiler adds the struct <c>Accumulator</c> to
/// the class: it has the state of the other rows, to be read only. The other rows are later by event time. Merging must be associative:
/// states are merged in any grouping, and what the method does must depend on both states only. State with
/// <see cref="StateScope.Key"/> is not merged, and has its default value during the call.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop)), SlidingWindow("1h", Slide = "1m")]
/// public sealed partial class LargestOfLastHour
/// {
///     [State] private partial ref decimal Largest { get; }
///
///     [Accumulate]
///     private void Add(in Order order) => Largest = Math.Max(Largest, order.Amount);
///
///     [Merge]
///     private void Merge(in Accumulator other) => Largest = Math.Max(Largest, other.Largest);
///
///     [Fire]
///     private ShopTotal Close(in Window<string> window) => new(window.Key, Largest);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MergeAttribute : Attribute;
