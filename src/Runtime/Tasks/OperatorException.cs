namespace Penstock;

/// <summary>An operator has thrown. The message names pipeline, operator, record position and key; the inner exception is the operator's.</summary>
/// <param name="message">The whole message.</param>
/// <param name="inner">What the operator threw.</param>
public sealed class OperatorException(string message, Exception inner) : PipelineException(message, inner);
