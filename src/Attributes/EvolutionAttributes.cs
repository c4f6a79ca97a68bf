namespace Penstock;

/// <summary>
/// Declares a former name of a state, or of a member of a state's type, so that it is found in older checkpoints. Several may be given. An
/// attribute can be removed when no checkpoint with the former name is left.
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
/// Marks the static method of an operator that converts saved state of an older program when it cannot be converted automatically:
/// <c>[StateUpgrade(nameof(Total))] private static decimal FromCents(long old) => old / 100m;</c>
/// </summary>
/// <param name="state">The state of the operator whose value the method returns; write it as <c>nameof(State)</c>. The method returns
/// its type.</param>
/// <param name="from">
/// The saved states that the method takes, in the order of its parameters. The method is then called if these states were saved and
/// <paramref name="state"/> was not. If empty, the method has one parameter, the former value of the state itself. The type of a parameter
/// is the type in the older program, or one with the same schema.
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
    /// <summary>The state whose value the method returns.</summary>
    public string State { get; } = state;

    /// <summary>The saved states that the method takes; empty if it takes the former value of the state itself.</summary>
    public IReadOnlyList<string> From { get; } = from;
}

/// <summary>
/// Declares that an operator or source with state in checkpoints was removed from the pipeline. The next start drops its state; without
/// the attribute the start is refused.
/// </summary>
/// <param name="id">The id of the removed stream.</param>
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
