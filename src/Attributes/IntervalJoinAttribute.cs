namespace Penstock;

/// <summary>
/// Declares that an operator joins two inputs: a row of the left one meets each row of the right one that has the same key and whose event
/// time is close. <c>right time - left time</c> must lie between two bounds, and may be equal to them.
/// </summary>
/// <remarks>
/// <para>
/// The parameters of the <see cref="MatchAttribute"/> method are the inputs: the first one is the left one. The methods of the class
/// determine the kind of join: with <see cref="MatchAttribute"/> alone it is an inner join. An <see cref="UnmatchedAttribute"/> method for
/// left rows makes it a left outer join, one for right rows a right outer join, and both a full outer join. A
/// <see cref="MatchAttribute"/> method that returns nothing has no results, so that with <see cref="UnmatchedAttribute"/> it is an anti
/// join. With <see cref="Once"/>, a left row has at most one result: a semi join.
/// </para>
/// <para>
/// Both inputs must have event time. The result of two rows has the later one of their times. That of an unmatched row has the time at
/// which it is known that no row can come that it would meet: that of the row plus the upper bound if it is a left row, or minus the lower
/// bound if it is a right one; at least its own time. So no result is late for an operator that reads it, and the watermark is not delayed.
/// </para>
/// <para>
/// A row is kept, with all of its members, until the watermark shows that no row can come that it would meet; kept rows are in every
/// checkpoint. A row that is older than the watermark of its split is late: it goes to the side output
/// <see cref="SideOutputs.LateLeft"/> or <see cref="SideOutputs.LateRight"/> if the pipeline has one, and is counted. Rows whose key is
/// null meet each other, as with other operators. An upsert stream cannot be an input.
/// </para>
/// </remarks>
/// <param name="lower">The lower bound, such as <c>-1h</c>: how much later a right row must be at least. Negative if it may be
/// earlier.</param>
/// <param name="upper">The upper bound, such as <c>15m</c>: how much later a right row can be at most. Not less than the lower
/// bound.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, IntervalJoin("-5m", "1h")]
/// public sealed partial class OrdersWithVisits
/// {
///     [Match]
///     private static ShopTotal Join(
///         [KeyBy(nameof(Order.Customer))] in Order order,
///         [KeyBy(nameof(Order.Customer))] in Order next) => new(order.Shop, next.Amount - order.Amount);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class IntervalJoinAttribute(string lower, string upper) : Attribute
{
    /// <summary>How much later a right row must be at least.</summary>
    public string Lower { get; } = lower;

    /// <summary>How much later a right row can be at most.</summary>
    public string Upper { get; } = upper;

    /// <summary>
    /// <c>true</c> if a left row has at most one result: with the right row that meets it first. If several right rows meet a left row, it
    /// depends on their order of arrival which one that is, so use only the left row for results that must not depend on it. Default:
    /// <c>false</c>.
    /// </summary>
    public bool Once { get; set; }
}

/// <summary>
/// Marks the method of a join that makes the result of two rows that meet: <c>TOut Method(in TLeft left, in TRight right)</c>. If it
/// returns <c>void</c>, there is no such result, and it is not called.
/// </summary>
/// <remarks>
/// <see cref="KeyByAttribute"/> on each of its parameters names the key. If both rows have the same key members, it can be on the class
/// instead.
/// </remarks>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Customer)), IntervalJoin("0s", "1h")]
/// public sealed partial class Increases
/// {
///     [Match]
///     private static ShopTotal Join(in Order order, in Order next) => new(order.Shop, next.Amount - order.Amount);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MatchAttribute : Attribute;

/// <summary>
/// Marks a method of a join that makes the result of a row that has met no other: <c>TOut Method(in TRow row)</c>. It takes the rows of
/// the left or of the right input; there may be one for each. If both have the same type, the first method takes the left rows. It is
/// called when the watermark shows that no row can come that the row would meet.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Customer)), IntervalJoin("1us", "1d")]
/// public sealed partial class LastOrders
/// {
///     // Orders that are followed by another one have no result.
///     [Match]
///     private static void Followed(in Order order, in Order next)
///     {
///     }
///
///     [Unmatched]
///     private static ShopTotal Last(in Order order) => new(order.Shop, order.Amount);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnmatchedAttribute : Attribute;
