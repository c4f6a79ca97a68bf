namespace Penstock;

/// <summary>A sink could not write. The message names pipeline and sink; the inner exception is the sink's.</summary>
/// <param name="message">The whole message.</param>
/// <param name="inner">What the sink threw.</param>
public sealed class SinkException(string message, Exception inner) : PipelineException(message, inner);
