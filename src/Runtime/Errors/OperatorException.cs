using Penstock.Errors;

namespace Penstock;

/// <summary>
/// Code of the pipeline's author has thrown: an operator, what makes a row, or a member of a row that is its event time or a key. The
/// message names pipeline, operator or stream, record position and key; the inner exception is what was thrown.
/// </summary>
/// <param name="code">What has thrown: an operator, a row or a key.</param>
/// <param name="message">Place, cause and remedy. The code is put in front of it.</param>
/// <param name="inner">What the code threw.</param>
public sealed class OperatorException(PipelineErrorCode code, string message, Exception inner) : PipelineException(code, message, inner)
{
    /// <summary>Where it failed; null where it was not at a row or a window.</summary>
    internal FailurePlace? Place { get; init; }
}
