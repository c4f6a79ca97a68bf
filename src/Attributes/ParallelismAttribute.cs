namespace Penstock;

/// <summary>
/// Sets the number of subtasks of the task that begins with this stream: a source, a union, or an operator. An operator that would
/// otherwise be fused into another task begins its own task. Configuration (<c>Streams:&lt;id&gt;:Parallelism</c>) takes precedence over
/// the attribute, and the attribute over settings of the whole pipeline.
/// </summary>
/// <remarks>
/// A keyed operator receives rows by key. Otherwise, if both tasks have the same parallelism, each subtask receives the rows of the subtask
/// with the same index; a single subtask receives all rows; and if the numbers differ, the subtasks receive whole batches in turn, so rows
/// of one split may overtake each other. The attribute does not change which rows are late.
/// </remarks>
/// <param name="subtasks">1 to 32,768; with a key at most the number of key groups, which is 128 unless configured.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     public partial Stream<Order> Orders { get; }
///
///     [Apply<BigOrders>(nameof(Orders)), Parallelism(4)]
///     [FileSink("big.csv")]
///     public partial Stream<Order> Big { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParallelismAttribute(int subtasks) : Attribute
{
    /// <summary>The number of subtasks of the task.</summary>
    public int Subtasks { get; } = subtasks;
}
