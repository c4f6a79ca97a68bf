namespace Penstock;

/// <summary>
/// Marks the method that maps each row with a call that waits for something outside of the pipeline, such as a service or a database:
/// <c>ValueTask&lt;TOut&gt; Method(TIn row, CancellationToken cancellation)</c>. Many calls run at the same time, and the subtask does not
/// wait for them.
/// </summary>
/// <remarks>
/// <para>
/// Rows in flight are part of every checkpoint, and are called again after a restart: calls happen at least once, and results are emitted
/// exactly once. A barrier does not wait for calls. A watermark waits until the results of all rows before it have been emitted.
/// </para>
/// <para>
/// A method that returns <c>ValueTask&lt;TOut?&gt;</c> drops the rows for which it returns null. The code after an <c>await</c> runs on any
/// thread, at the same time as other calls, so fields that it uses must be thread-safe. The cancellation token is canceled when the attempt
/// ends. An exception fails the attempt.
/// </para>
/// </remarks>
/// <example>
/// <code><![CDATA[
/// public interface IRatingService
/// {
///     ValueTask<decimal> RateAsync(string shop, CancellationToken cancellation);
/// }
///
/// [Operator]
/// public sealed partial class Ratings(IRatingService ratings)
/// {
///     [AsyncMap(Concurrency = 50, Timeout = "5s")]
///     private async ValueTask<ShopTotal> RateAsync(Order order, CancellationToken cancellation) =>
///         new(order.Shop, await ratings.RateAsync(order.Shop, cancellation) * order.Amount);
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AsyncMapAttribute : Attribute
{
    /// <summary>
    /// The maximum number of rows in flight in each subtask, 1 to 65,536: rows that are being called, and rows whose result waits for an
    /// earlier row. When as many are in flight, the input waits. Default: 100. Configuration can override it.
    /// </summary>
    public int Concurrency { get; set; } = 100;

    /// <summary>The order of the results. Default: the order of the rows.</summary>
    public AsyncOrder Order { get; set; }

    /// <summary>
    /// The maximum time of a call, such as <c>10s</c>: a call that takes longer fails the attempt. Longer than zero. Default: <c>1m</c>.
    /// Configuration can override it.
    /// </summary>
    public string Timeout { get; set; } = "1m";

    /// <summary>
    /// The maximum number of calls per second of all subtasks together; more than 0. After a quiet time as many calls as for one second may
    /// start together. Default: no limit. Configuration can override it.
    /// </summary>
    public double Rate { get; set; }
}

/// <summary>The order in which the results of calls are emitted.</summary>
public enum AsyncOrder
{
    /// <summary>In the order of the rows. A slow call delays the results of the rows behind it.</summary>
    Input,

    /// <summary>
    /// In the order in which the calls complete, but never across a watermark update: the results of rows before it are emitted before it,
    /// so no row becomes late by waiting. The order differs from run to run.
    /// </summary>
    Completion,
}
