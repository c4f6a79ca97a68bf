using System.Threading.Tasks.Dataflow;
using Penstock.Sinks.Memory;

namespace Penstock;

/// <summary>
/// Sends rows to a block of TPL Dataflow. The block is a service of the host:
/// <c>services.AddSingleton&lt;ITargetBlock&lt;Order&gt;&gt;(block)</c>. The sink waits while a bounded block is full, which holds the
/// pipeline back. It completes the block when the pipeline has finished.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="rows">The block.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Totals
/// {
///     [FileSource("orders.csv")]
///     [Sink<DataflowSink<Order>>]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
public class DataflowSink<T>(ITargetBlock<T> rows) : MemorySink<T>
{
    private protected override void Write(ReadOnlySpan<T> batch, CancellationToken stop)
    {
        foreach (ref readonly var row in batch)
        {
            if (!rows.Post(row) && !rows.SendAsync(row, stop).GetAwaiter().GetResult())
            {
                throw new MemoryOutputException(
                    "the program has completed the block, or it has failed, so it accepts no more rows. Only the sink should complete it, "
                        + "which it does when the pipeline has finished.");
            }
        }
    }

    private protected override void Complete() => rows.Complete();
}
