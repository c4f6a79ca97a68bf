namespace Penstock;

/// <summary>
/// Produces a stream of the rows of several other streams of the pipeline, as they come. The rows of one input keep their order; between the rows of
/// different inputs there is none.
/// </summary>
/// <remarks>
/// All inputs have the row type of the stream. Either all of them have event time, or none has. The watermark of the stream is the smallest of theirs;
/// which rows are late is decided by the time of the input that they come from. A stream that sends rows again when late rows change its windows
/// (<see cref="TumblingWindowAttribute.AllowedLateness"/>) cannot be an input. A union keeps nothing in checkpoints.
/// </remarks>
/// <param name="inputs">The streams: at least two, each once; write them as <c>nameof(Stream)</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnionAttribute(params string[] inputs) : StreamAttribute
{
    /// <summary>The streams whose rows it has.</summary>
    public IReadOnlyList<string> Inputs { get; } = inputs;
}
