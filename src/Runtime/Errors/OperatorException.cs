using Penstock.Errors;

namespace Penstock;

/// <summary>
/// Code of the pipeline's author has thrown: an operator, what makes a row, or a member of a row that is its event time or a key. The message names pipeline, operator or
/// stream, record position and key; the inner exception is what was thrown.
/// </summary>
/// <param name="message">The whole message.</param>
/// <param name="inner">What the code threw.</param>
public sealed class OperatorException(string message, Exception inner) : PipelineException(message, inner)
{
    /// <summary>Where it failed; null where it was not at a row or a window.</summary>
    internal FailurePlace? Place { get; init; }
}
