namespace Penstock;

/// <summary>
/// Names what a state, or a member of a type in one, was called before: so it is found in older checkpoints. Several may be given; none is
/// needed any more where no checkpoint with it is left.
/// </summary>
/// <param name="name">The former name.</param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop))]
/// public sealed partial class Totals
/// {
///     [State, FormerName("Sum")] private partial ref decimal Total { get; }
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
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter, AllowMultiple = true)]
public sealed class FormerNameAttribute(string name) : Attribute
{
    /// <summary>The former name.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Marks the static method of an operator that makes the value of a state of what an older program saved, where that cannot be converted by
/// itself: <c>[StateUpgrade(nameof(Total))] private static decimal FromCents(long old) => old / 100m;</c>
/// </summary>
/// <param name="state">The state of the operator that the method makes; write it as <c>nameof(State)</c>. The method returns its
/// type.</param>
/// <param name="from">
/// The saved states that the method takes, in the order of its parameters; it is then called where they were saved and
/// <paramref name="state"/> was not. Without any, its one parameter is the former value of the state itself. The type of a parameter is
/// that of the older program, or one with its shape.
/// </param>
/// <example>
/// <code><![CDATA[
/// [Operator, KeyBy(nameof(Order.Shop))]
/// public sealed partial class Totals
/// {
///     [State] private partial ref decimal Total { get; }
///
///     // The last release saved cents, as a long.
///     [StateUpgrade(nameof(Total))]
///     private static decimal FromCents(long old) => old / 100m;
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
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class StateUpgradeAttribute(string state, params string[] from) : Attribute
{
    /// <summary>The state that the method makes.</summary>
    public string State { get; } = state;

    /// <summary>The saved states that the method takes; empty for the state itself.</summary>
    public IReadOnlyList<string> From { get; } = from;
}

/// <summary>
/// Says that an operator or source which checkpoints have state of was removed from the pipeline: its state is dropped at the next start,
/// which would be refused otherwise.
/// </summary>
/// <param name="id">The id of its stream.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline, RemovedState("DailyTotals")]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     [FileSink("copy.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RemovedStateAttribute(string id) : Attribute
{
    /// <summary>The id of the stream.</summary>
    public string Id { get; } = id;
}
