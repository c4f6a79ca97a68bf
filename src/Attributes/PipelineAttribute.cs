namespace Penstock;

/// <summary>
/// Declares a pipeline: a partial class whose partial properties of type <c>Stream&lt;T&gt;</c> are its streams.
/// The compiler validates the whole pipeline and generates the tasks that run it.
/// </summary>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class ShopRevenue
/// {
///     [FileSource("orders.csv"), EventTime(nameof(Order.PlacedAt), MaxDelay = "5m")]
///     public partial Stream<Order> Orders { get; }
///
///     [Apply<RevenuePerShop>(nameof(Orders)), FileSink("revenue.jsonl")]
///     public partial Stream<ShopTotal> Revenue { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PipelineAttribute : Attribute
{
    /// <summary>The name under which the pipeline is configured, logged and checkpointed. Default: the name of the class.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// The naming policy for columns, unless a row type, a source or a sink sets its own. Default: camel case.
    /// </summary>
    public NamingPolicy Naming { get; set; }

    /// <summary>
    /// The number of subtasks of each task, unless configuration or <see cref="ParallelismAttribute"/> overrides it: 1 to 32,768. If a
    /// keyed task uses it, at most the number of key groups, which is 128 unless configured. Default: 1.
    /// </summary>
    public int Parallelism { get; set; }

    /// <summary>
    /// The maximum event time by which a source may be ahead of other sources whose rows reach the same operator or union, and a subtask of
    /// a source ahead of the others: a duration such as <c>"1h"</c>. A subtask that is further ahead stops reading until the others catch
    /// up, so that open windows do not accumulate. Default: no limit. <c>MaxDrift</c> in configuration overrides it.
    /// </summary>
    public string? MaxDrift { get; set; }

    /// <summary>
    /// Declares that the results depend only on the input, not on the clock. The compiler then refuses
    /// <see cref="IngestionTimeAttribute"/>, and state that expires by the clock: with <see cref="TtlTime.ProcessingTime"/> in an operator
    /// of the same program, or with any TTL if the rows of the operator have no event time. Default: <c>false</c>.
    /// </summary>
    public bool Deterministic { get; set; }
}
