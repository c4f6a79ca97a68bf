namespace Penstock;

/// <summary>Declares an operator: a partial class whose one attributed method (or pair of window methods) is its behaviour.</summary>
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

/// <summary>Names the key by which rows are partitioned and state is kept: on an operator, or on the stream that applies it.</summary>
/// <param name="members">One or several members of the input row type; write them as <c>nameof(Row.Member)</c>.</param>
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
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class KeyByAttribute(params string[] members) : Attribute
{
    /// <summary>The members that make the key, in order.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}

/// <summary>
/// Declares keyed state: a <c>private partial ref T Name { get; }</c> property of an operator, or one of type <c>MapState</c>,
/// <c>ListState</c> or <c>ReducingState</c> without <c>ref</c>. Each key has its own value (in a window operator each key and window); it
/// starts as <c>default</c> or empty, and is part of every checkpoint.
/// </summary>
/// <remarks>On a field it is an error (PEN302), which says how the property is declared.</remarks>
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
    /// <summary>What a value belongs to. Default: a key; in a window operator a key and window.</summary>
    public StateScope Scope { get; set; }

    /// <summary>
    /// How long the state of a key (of a map: an entry) lives after it was written, such as <c>24h</c>. Then it is as if it had never been;
    /// its memory is given back. Default: for ever.
    /// </summary>
    public string? Ttl { get; set; }

    /// <summary>The time by which it expires. Default: event time where the rows have it, else processing time.</summary>
    public TtlTime TtlTime { get; set; }

    /// <summary>What lets it live on. Default: writing. A <c>ref</c> is a write whenever it is used.</summary>
    public TtlRefresh TtlRefresh { get; set; }
}

/// <summary>The time by which state expires.</summary>
public enum TtlTime
{
    /// <summary>Event time where the rows have it, else processing time.</summary>
    Default,

    /// <summary>Event time.</summary>
    EventTime,

    /// <summary>The clock of the machine.</summary>
    ProcessingTime,
}

/// <summary>What lets state live on.</summary>
public enum TtlRefresh
{
    /// <summary>The lifetime begins anew when the state is written. Reading does not extend it.</summary>
    OnWrite,

    /// <summary>The lifetime begins anew when the state is read or written.</summary>
    OnReadAndWrite,
}

/// <summary>What a value of a state belongs to.</summary>
public enum StateScope
{
    /// <summary>A key; in a window operator a key and window.</summary>
    Default,

    /// <summary>A key, also in a window operator: over all windows of the key.</summary>
    Key,
}

/// <summary>
/// Names the codec that writes a state, or a member of one, into checkpoints: a struct or class that implements <c>IValueCodec&lt;T&gt;</c>
/// for its type. On a type it stands for all states and members of that type.
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
/// Says that a mutable field of an operator, or of a class that its state is of, may be lost at a restart: a cache or a scratch buffer,
/// never state. Of a class, it is not written where the state is saved, and neither where a row goes to another process: there it has the
/// value that the constructor gives it. On the base class of operators it says so of all of its fields; on an operator, of those of its
/// base classes.
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

/// <summary>Marks the method that turns each row into one row: <c>TOut Method(in TIn row)</c>.</summary>
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

/// <summary>Marks the method that says which rows stay: <c>bool Method(in T row)</c>.</summary>
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
/// Marks the method that turns each row into any number of rows: <c>void Method(in TIn row, ref Output&lt;TOut&gt; output)</c>.
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
/// Marks the method that handles each row of a key, with its state:
/// <c>void Method(in TIn row, in Context context, ref Output&lt;TOut&gt; output)</c>; the context may be left out.
/// </summary>
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
    /// Whether the method takes rows that replace or delete earlier ones, as a window with
    /// <see cref="TumblingWindowAttribute.AllowedLateness"/> sends them: it learns from <c>Context.RowKind</c> what a row means, so that it
    /// has a context, and takes back in its state what the row before has brought. Its key must be made of that of the stream, so that all
    /// versions of a row come to one key; what it emits are new rows. Default: false; such a stream is refused.
    /// </summary>
    public bool TakesUpdates { get; set; }
}

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
/// Marks the method of a window operator that makes the result when the watermark passes the end of the window:
/// <c>TOut Method(in Window&lt;TKey&gt; window)</c>. The row's event time is the window's end less one microsecond.
/// What it writes to a <see cref="StateAttribute"/> is kept as long as the window.
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
