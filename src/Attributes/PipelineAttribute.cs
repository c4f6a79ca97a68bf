namespace Penstock;

/// <summary>
/// Declares a pipeline: a partial class whose partial properties of type <c>Stream&lt;T&gt;</c> are its streams.
/// The compiler validates the whole pipeline and writes the tasks that run it.
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
    /// How columns are named after the members of rows, unless a row type, a source or a sink says otherwise. Default: camel case.
    /// </summary>
    public NamingPolicy Naming { get; set; }

    /// <summary>
    /// How many subtasks each task has, where neither configuration nor <see cref="ParallelismAttribute"/> says otherwise: 1 to 32,768, and
    /// where a keyed task takes it at most the number of key groups, which is 128 unless configured. Default: 1.
    /// </summary>
    public int Parallelism { get; set; }

    /// <summary>
    /// How far, in event time, a source may be ahead of those that it is united with, and one of its subtasks ahead of the others: a
    /// duration such as <c>"1h"</c>. What is further ahead reads nothing until they have come closer, so that windows do not pile up behind
    /// it. Default: no limit. <c>MaxDrift</c> in configuration overrides it.
    /// </summary>
    public string? MaxDrift { get; set; }
}
