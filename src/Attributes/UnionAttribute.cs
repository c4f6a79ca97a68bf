namespace Penstock;

/// <summary>
/// Produces a stream of the rows of several other streams of the pipeline, as they come. The rows of one input keep their order; between
/// the rows of different inputs there is none.
/// </summary>
/// <remarks>
/// All inputs have the row type of the stream. Either all of them have event time, or none has. The watermark of the stream is the smallest
/// of theirs; which rows are late is decided by the time of the input that they come from. A stream that sends rows again when late rows
/// change its windows (<see cref="TumblingWindowAttribute.AllowedLateness"/>) cannot be an input. A union keeps nothing in checkpoints.
/// </remarks>
/// <param name="inputs">The streams: at least two, each once; write them as <c>nameof(Stream)</c>.</param>
/// <example>
/// <code><![CDATA[
/// [Pipeline]
/// public sealed partial class Shop
/// {
///     [FileSource("orders.csv")]
///     public partial Stream<Order> Orders { get; }
///
///     [FileSource("corrections.csv")]
///     public partial Stream<Order> Corrections { get; }
///
///     [Union(nameof(Orders), nameof(Corrections), Prefer = nameof(Corrections))]
///     [FileSink("all.csv")]
///     public partial Stream<Order> All { get; }
/// }
/// ]]></code>
/// </example>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnionAttribute(params string[] inputs) : StreamAttribute
{
    /// <summary>The streams whose rows it has.</summary>
    public IReadOnlyList<string> Inputs { get; } = inputs;

    /// <summary>
    /// The input whose rows go first where rows of several inputs wait; write it as <c>nameof(Stream)</c>. Without it rows go on in the
    /// order in which they come.
    /// </summary>
    /// <remarks>
    /// The rows of other inputs wait as long as there are rows of this one, and hold their sources up meanwhile. Checkpoints do not wait
    /// for that. It says nothing of rows that no longer wait, and nothing of inputs that come from one source in one thread: their rows
    /// have an order already.
    /// </remarks>
    public string? Prefer { get; set; }
}
