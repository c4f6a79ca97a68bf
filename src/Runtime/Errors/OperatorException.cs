using Penstock.Errors;

namespace Penstock;

/// <summary>
/// Thrown when user code throws: an operator, the construction of a row, or a member of a row that is its event time or key. The message
/// names the pipeline, the operator or stream, the position of the record and the key; the inner exception is the original one.
/// </summary>
/// <param name="code">The kind of failed code: an operator, a row or a key.</param>
/// <param name="message">Place, cause and remedy. The error code is prepended.</param>
/// <param name="inner">The original exception.</param>
public sealed class OperatorException(PipelineErrorCode code, string message, Exception inner) : PipelineException(code, message, inner)
{
    /// <summary>The row or window of the failure, or null if it was at neither.</summary>
    internal FailurePlace? Place { get; init; }
}
