using Penstock.Sources.Memory;

namespace Penstock;

/// <summary>
/// Reads an asynchronous sequence. The sequence is a service of the host:
/// <c>services.AddSingleton&lt;IAsyncEnumerable&lt;Order&gt;&gt;(OrdersAsync())</c>. It is iterated once, also when the pipeline restarts
/// within the process. The source asks for the next row when there is room for it, on the threads of the pipeline: the sequence must await
/// what it waits for, and not block. The source ends with the sequence.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="rows">The sequence.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Totals
/// {
///     [Source<SequenceSource<Order>>]
///     [FileSink("orders.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
public class SequenceSource<T>(IAsyncEnumerable<T> rows) : MemorySource<T>(LogOf(rows, static sequence => new SequenceInput<T>(sequence)));
