namespace Penstock;

/// <summary>
/// Declares an operator: a partial class whose attributed methods define its one behaviour: a single method, a
/// <see cref="ProcessAttribute"/> method for each input with an optional <see cref="OnTimerAttribute"/> method, or the methods of a window
/// or a join.
/// </summary>
/// <example>
/// <code>
/// [Operator]
/// public sealed partial class LargeOrders
/// {
///     [Filter]
///     private static bool Keep(in Order order) => order.Amount >= 100;
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OperatorAttribute : Attribute;

/// <summary>
/// Names the key by which rows are partitioned and state is kept. Put it on an operator, or on the stream that applies the operator. If
/// the rows of several inputs have keys with different names, put it on each <see cref="ProcessAttribute"/> method or, for a join, on each
/// parameter of the <see cref="MatchAttribute"/> method. Put it also on a stream with <see cref="DistinctAttribute"/>,
/// <see cref="KeepFirstAttribute"/>, <see cref="KeepLastAttribute"/> or <see cref="SortByTimeAttribute"/>.
/// </summary>
/// <param name="members">One or more members of the input row type; write them as <c>nameof(Row.Member)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop), nameof(Order.Customer))]
/// public sealed partial class Spent
/// {
///     [State] private partial ref decimal Total { get; }
///
///     [Process]
///     private void OnOrder(in Order order, ref Output<ShopTotal> output)
///     {
///         Total += order.Amount;
///         output.Emit(new ShopTotal(order.Shop, Total));
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class KeyByAttribute(params string[] members) : Attribute
{
    /// <summary>The members that form the key, in order.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}

/// <summary>
/// Declares keyed state: a <c>private partial ref T Name { get; }</c> property of an operator, or one of type <c>MapState</c>,
/// <c>ListState</c> or <c>ReducingState</c> without <c>ref</c>. Each key has its own value; in a window operator, each key and window.
/// State starts as <c>default</c> or empty, and is part of every checkpoint.
/// </summary>
/// <remarks>On a field it is an error (PEN302), whose message shows how to declare the property.</remarks>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Customer))]
/// public sealed partial class FirstOrders
/// {
///     [State(Ttl = "30d")] private partial ref bool HasOrdered { get; }
///     [State] private partial MapState<string, int> OrdersPerShop { get; }
///
///     [Process]
///     private void OnOrder(in Order order, ref Output<Order> output)
///     {
///         OrdersPerShop.GetOrAdd(order.Shop)++;
///         if (!HasOrdered)
///         {
///             HasOrdered = true;
///             output.Emit(order);
///         }
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class StateAttribute : Attribute
{
    /// <summary>The scope of a value. Default: one value per key, or per key and window in a window operator.</summary>
    public StateScope Scope { get; set; }

    /// <summary>
    /// The time to live of the state of a key (or of an entry of a map) after it was last written, such as <c>24h</c>. Expired state
    /// behaves as if it had never been set, and its memory is released. Default: state does not expire.
    /// </summary>
    public string? Ttl { get; set; }

    /// <summary>The time that <see cref="Ttl"/> measures. Default: event time if the rows have it, otherwise processing time.</summary>
    public TtlTime TtlTime { get; set; }

    /// <summary>
    /// The accesses that restart the time to live. Default: writes. Every use of a <c>ref</c> property counts as a write.
    /// </summary>
    public TtlRefresh TtlRefresh { get; set; }
}

/// <summary>The time that determines when state expires.</summary>
public enum TtlTime
{
    /// <summary>Event time if the rows have it, otherwise processing time.</summary>
    Default,

    /// <summary>Event time.</summary>
    EventTime,

    /// <summary>The clock of the machine.</summary>
    ProcessingTime,
}

/// <summary>The accesses that restart the time to live of state.</summary>
public enum TtlRefresh
{
    /// <summary>Writes restart the time to live. Reads do not extend it.</summary>
    OnWrite,

    /// <summary>Reads and writes restart the time to live.</summary>
    OnReadAndWrite,
}

/// <summary>The scope of the values of a state.</summary>
public enum StateScope
{
    /// <summary>One value per key, or per key and window in a window operator.</summary>
    Default,

    /// <summary>One value per key, also in a window operator, where all windows of the key share it.</summary>
    Key,
}

/// <summary>
/// Names the codec that writes a state, or a member of one, to checkpoints: a struct or class that implements <c>IValueCodec&lt;T&gt;</c>
/// for its type. On a type it applies to all states and members of that type.
/// </summary>
/// <param name="codec">The type of the codec. It must implement <c>IValueCodec&lt;T&gt;</c> for the type that it writes.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Customer))]
/// public sealed partial class Visits
/// {
///     [State, StateCodec(typeof(UriCodec))] private partial ref Uri? Last { get; }
///
///     [Process]
///     private void OnOrder(in Order order, ref Output<Order> output)
///     {
///         var page = new Uri(order.Shop, UriKind.RelativeOrAbsolute);
///         if (page != Last)
///         {
///             Last = page;
///             output.Emit(order);
///         }
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property
    | AttributeTargets.Field
    | AttributeTargets.Class
    | AttributeTargets.Struct
    | AttributeTargets.Enum
    | AttributeTargets.Interface, Inherited = false)]
public sealed class StateCodecAttribute(Type codec) : Attribute
{
    /// <summary>The type of the codec that writes and reads the values.</summary>
    public Type Codec { get; } = codec;
}

/// <summary>
/// Declares that a mutable field may be lost at a restart because it is a cache or a scratch buffer, not state. Put it on a field of an
/// operator, or of a class that is used as state. A field of such a class is not written to checkpoints or sent to other processes; after
/// it is read, it has the value that the constructor gives it. On a base class of operators, the attribute applies to all fields of that
/// class; on an operator, to the fields of its base classes.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator]
/// public sealed partial class ShortNames
/// {
///     // A cache: after a restart it is filled anew.
///     [Transient] private readonly Dictionary<string, string> _names = [];
///
///     [Map]
///     private ShopTotal Convert(in Order order)
///     {
///         if (!_names.TryGetValue(order.Shop, out var name))
///         {
///             _names.Add(order.Shop, name = order.Shop.Trim());
///         }
///
///         return new ShopTotal(name, order.Amount);
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Class)]
public sealed class TransientAttribute : Attribute;

/// <summary>Marks the method that maps each row to exactly one row: <c>TOut Method(in TIn row)</c>.</summary>
/// <example>
/// <code>
/// [Operator]
/// public sealed partial class ToTotal
/// {
///     [Map]
///     private static ShopTotal Convert(in Order order) => new(order.Shop, order.Amount);
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MapAttribute : Attribute;

/// <summary>Marks the method that returns <c>true</c> for each row to keep: <c>bool Method(in T row)</c>.</summary>
/// <example>
/// <code>
/// [Operator]
/// public sealed partial class LargeOrders
/// {
///     [Filter]
///     private static bool Keep(in Order order) => order.Amount >= 100;
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FilterAttribute : Attribute;

/// <summary>
/// Marks the method that emits any number of rows for each row: <c>void Method(in TIn row, ref Output&lt;TOut&gt; output)</c>.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator]
/// public sealed partial class ByShopAndInAll
/// {
///     [FlatMap]
///     private static void Split(in Order order, ref Output<ShopTotal> output)
///     {
///         output.Emit(new ShopTotal(order.Shop, order.Amount));
///         output.Emit(new ShopTotal("all", order.Amount));
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlatMapAttribute : Attribute;

/// <summary>
/// Marks the method that processes each row with the state of its key:
/// <c>void Method(in TIn row, in Context context, ref Output&lt;TOut&gt; output)</c>; the context is optional.
/// </summary>
/// <remarks>
/// A class with several such methods has an input for each of them, in the order of their declaration, which
/// <see cref="ApplyAttribute{TOperator}"/> names in the same order. The inputs share the state of a key, the timers and the outputs.
/// </remarks>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop))]
/// public sealed partial class Records
/// {
///     [State] private partial ref decimal Largest { get; }
///
///     [Process]
///     private void OnOrder(in Order order, ref Output<ShopTotal> output)
///     {
///         if (order.Amount > Largest)
///         {
///             Largest = order.Amount;
///             output.Emit(new ShopTotal(order.Shop, Largest));
///         }
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProcessAttribute : Attribute
{
    /// <summary>
    /// <c>true</c> if the method accepts rows that replace or delete earlier ones, such as those of a window with
    /// <see cref="TumblingWindowAttribute.AllowedLateness"/>. The method must take a context, whose <c>RowKind</c> is the kind of the row,
    /// and must undo the effect of the previous version in its state. The key of the operator must consist of key members of the stream, so
    /// that all versions of a row have the same key. The emitted rows are new rows. Default: <c>false</c>; such a stream is refused.
    /// </summary>
    public bool AcceptsUpdates { get; set; }
}

/// <summary>
/// Marks the method that is called when a timer fires, which a <see cref="ProcessAttribute"/> method or this one has set:
/// <c>void Method(in Timer&lt;TKey&gt; timer, in Context context, ref Output&lt;TOut&gt; output)</c>; the context is optional. It sees the
/// state of the timer's key, and has the same outputs as the <see cref="ProcessAttribute"/> methods. The stream needs event time.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop))]
/// public sealed partial class SumSinceFirstOrder
/// {
///     [State] private partial ref bool IsOpen { get; }
///     [State] private partial ref decimal Sum { get; }
///
///     [Process]
///     private void OnOrder(in Order order, in Context context, ref Output<ShopTotal> output)
///     {
///         if (!IsOpen)
///         {
///             IsOpen = true;
///             context.Timers.Set(order.PlacedAt + TimeSpan.FromMinutes(30));
///         }
///
///         Sum += order.Amount;
///     }
///
///     [OnTimer]
///     private void OnTimer(in Timer<string> timer, ref Output<ShopTotal> output)
///     {
///         output.Emit(new ShopTotal(timer.Key, Sum));
///         (IsOpen, Sum) = (false, 0);
///     }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnTimerAttribute : Attribute;

/// <summary>
/// Marks the method of a window operator that adds a row to the state of its key and window: <c>void Method(in TIn row)</c>.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m")]
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
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccumulateAttribute : Attribute;

/// <summary>
/// Marks the method of a window operator that returns the result when the watermark reaches the end of the window:
/// <c>TOut Method(in Window&lt;TKey&gt; window)</c>. The event time of the result is the end of the window minus one microsecond.
/// Changes that the method makes to a <see cref="StateAttribute"/> property are kept as long as the window. In windows that overlap they
/// are lost, except for state with <see cref="StateScope.Key"/>: each window is merged again from its slices.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m")]
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
[AttributeUsage(AttributeTargets.Method)]
public sealed class FireAttribute : Attribute;
