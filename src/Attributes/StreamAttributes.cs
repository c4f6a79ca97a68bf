namespace Penstock;

/// <summary>The base class of all attributes that declare how a stream is produced or written.</summary>
public abstract class StreamAttribute : Attribute
{
    /// <summary>
    /// The stable id of state, positions and output in checkpoints, and of the stream in configuration.
    /// Default: the name of the property. If you rename a property whose state must survive, set its former name here.
    /// </summary>
    public string? Id { get; set; }
}

/// <summary>The base class of the attributes of sources. A stream has exactly one producer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class SourceAttribute : StreamAttribute
{
    /// <summary>
    /// The naming policy for columns. Default: the policy of the row type, or else of the pipeline.
    /// </summary>
    public NamingPolicy Naming { get; set; }
}

/// <summary>The base class of the attributes of sinks. A stream can have any number of sinks.</summary>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public abstract class SinkAttribute : StreamAttribute
{
    /// <summary>
    /// The naming policy for columns. Default: the policy of the row type, or else of the pipeline.
    /// </summary>
    public NamingPolicy Naming { get; set; }
}

/// <summary>Reads a stream from a custom source.</summary>
/// <typeparam name="TSource">A class that implements <c>ISource&lt;T&gt;</c> for the row type of the stream; created by constructor
/// injection.</typeparam>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Archive
/// {
///     // OrderQueue implements ISource<Order>.
///     [Source<OrderQueue>]
///     [FileSink("orders.csv")]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SourceAttribute<TSource> : SourceAttribute
    where TSource : class;

/// <summary>Writes a stream to a custom sink.</summary>
/// <typeparam name="TSink">A class that implements <c>ISink&lt;T&gt;</c> for the row type of the stream; created by constructor
/// injection.</typeparam>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Load
/// {
///     // OrderTable implements ISink<Order>.
///     [FileSource("orders.csv")]
///     [Sink<OrderTable>]
///     public partial Stream<Order> Orders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class SinkAttribute<TSink> : SinkAttribute
    where TSink : class;

/// <summary>Produces a stream by applying an operator to other streams of the pipeline.</summary>
/// <remarks>
/// An operator with several <see cref="ProcessAttribute"/> methods has an input for each of them, in the order of their declaration. Any
/// other operator has one input.
/// </remarks>
/// <typeparam name="TOperator">A class marked with <see cref="OperatorAttribute"/>.</typeparam>
/// <param name="inputs">The stream to read for each input of the operator; write it as <c>nameof(Stream)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     public partial Stream<Order> Orders { get; }
///
///     [Apply<BigOrders>(nameof(Orders))]
///     [FileSink("big.csv")]
///     public partial Stream<Order> Big { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ApplyAttribute<TOperator>(params string[] inputs) : StreamAttribute
    where TOperator : class
{
    /// <summary>The streams that the operator reads.</summary>
    public IReadOnlyList<string> Inputs { get; } = inputs;

    /// <summary>
    /// For an operator with several inputs, the one that has priority when rows of several inputs are waiting; write it as
    /// <c>nameof(Stream)</c>. Default: rows are processed in order of arrival.
    /// </summary>
    /// <remarks>See <see cref="UnionAttribute.Prefer"/>.</remarks>
    public string? Prefer { get; set; }
}

/// <summary>
/// Produces a stream from a side output of another stream's operator or source: late rows, bad rows, rows without an event
/// time, or rows that a method emits to an additional output.
/// </summary>
/// <param name="stream">The stream whose producer fills the side output; write it as <c>nameof(Stream)</c>.</param>
/// <param name="output">The name of the side output: <see cref="SideOutputs.Late"/>, <see cref="SideOutputs.BadRows"/>,
/// <see cref="SideOutputs.Untimed"/>, or the name of the parameter <c>ref Output&lt;T&gt;</c> of a <see cref="FlatMapAttribute"/> or
/// <see cref="ProcessAttribute"/> method.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Copy
/// {
///     [FileSource("orders.csv", OnBadRow = BadRowPolicy.SideOutput)]
///     [FileSink("copy.csv")]
///     public partial Stream<Order> Orders { get; }
///
///     [SideOutput(nameof(Orders), SideOutputs.BadRows)]
///     [FileSink("bad.jsonl")]
///     public partial Stream<BadRow> BadOrders { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SideOutputAttribute(string stream, string output) : StreamAttribute
{
    /// <summary>The stream whose producer fills the side output.</summary>
    public string Stream { get; } = stream;

    /// <summary>The name of the side output.</summary>
    public string Output { get; } = output;
}

/// <summary>The names of the side outputs that Penstock itself fills.</summary>
public static class SideOutputs
{
    /// <summary>
    /// Rows that arrived too late for their window, or for their place in a <see cref="SortByTimeAttribute"/> stream. Row type: that of the
    /// input.
    /// </summary>
    public const string Late = "late";

    /// <summary>
    /// Rows of the left input of a join that arrived too late to meet all rows of the other input. Row type: that of the input.
    /// </summary>
    public const string LateLeft = "late-left";

    /// <summary>
    /// Rows of the right input of a join that arrived too late to meet all rows of the other input. Row type: that of the input.
    /// </summary>
    public const string LateRight = "late-right";

    /// <summary>Rows of a source that could not be read. Row type: <c>BadRow</c>.</summary>
    public const string BadRows = "bad-rows";

    /// <summary>Rows of a source whose event time is null. Row type: that of the source.</summary>
    public const string Untimed = "untimed";
}
