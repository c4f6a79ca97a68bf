using System.Threading.Tasks.Dataflow;
using Penstock.Sources.Memory;

namespace Penstock;

/// <summary>
/// Reads a block of TPL Dataflow. The block is a service of the host: <c>services.AddSingleton&lt;ISourceBlock&lt;Order&gt;&gt;(block)</c>.
/// The source ends when the block completes. It takes at most 1,024 rows ahead, so a bounded block is held back if the pipeline is slower.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="rows">The block. The source links to it; other targets that are linked to it get some of its rows.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Totals
/// {
///     [Source<DataflowSource<Order>>]
///     [Sink<DataflowSink<Order>>]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
public class DataflowSource<T>(ISourceBlock<T> rows) : MemorySource<T>(LogOf(rows, static block => new DataflowInput<T>(block)));
