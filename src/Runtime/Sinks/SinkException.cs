namespace Penstock;

/// <summary>
/// Thrown when a sink cannot write. The message names the pipeline and the sink; the inner exception is that of the sink.
/// </summary>
/// <param name="message">Place, cause and remedy. The error code is prepended.</param>
/// <param name="inner">The original exception.</param>
/// <param name="code">The kind of mistake, or null for PSR701, a sink that failed.</param>
public sealed class SinkException(string message, Exception inner, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.SinkFailed, message, inner);
