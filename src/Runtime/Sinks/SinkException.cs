namespace Penstock;

/// <summary>A sink could not write. The message names pipeline and sink; the inner exception is the sink's.</summary>
/// <param name="message">Place, cause and remedy. The code is put in front of it.</param>
/// <param name="inner">What the sink threw.</param>
/// <param name="code">The kind of mistake; null for PSR701, a sink that failed.</param>
public sealed class SinkException(string message, Exception inner, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.SinkFailed, message, inner);
