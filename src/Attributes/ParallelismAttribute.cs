namespace Penstock;

/// <summary>
/// Says how many subtasks the task has that begins with a stream: a source, a union, or an operator. One that would be a call in the loop
/// of another task begins a task of its own with it. Configuration (<c>Streams:&lt;id&gt;:Parallelism</c>) counts before it; it counts
/// before what is said of the whole pipeline.
/// </summary>
/// <remarks>
/// Rows come by key where the operator has one. Else they come from the subtask of the same index where both tasks have the same
/// parallelism; all of them where there is one subtask; and in whole batches, to one subtask after the other, where the numbers differ:
/// then rows of one split may overtake each other. Which of them are late does not change.
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
    /// <summary>How many subtasks the task has.</summary>
    public int Subtasks { get; } = subtasks;
}
