namespace Penstock;

/// <summary>Thrown when a row of a source cannot be read and the policy of the source is <see cref="BadRowPolicy.Fail"/>.</summary>
/// <param name="row">The row that could not be read, with its position and error.</param>
/// <param name="message">Place, cause and remedy. The error code is prepended.</param>
public sealed class BadRowException(BadRow row, string message) : PipelineException(ErrorCodes.RowUnreadable, message)
{
    /// <summary>The row that could not be read, with its position and error.</summary>
    public BadRow Row { get; } = row;
}

/// <summary>Thrown when the input of a pipeline has changed since its checkpoint was taken.</summary>
/// <param name="message">The change and the remedy. The error code is prepended.</param>
/// <param name="code">The kind of change, or null for PSR205, input that has changed since it was read.</param>
public sealed class SourceChangedException(string message, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.InputChanged, message);

/// <summary>
/// Thrown when input exists but could not be read, for example because a server does not answer. The error may be transient: the pipeline
/// restarts according to its restart options.
/// </summary>
/// <param name="message">The input and the error. The error code is prepended.</param>
/// <param name="cause">The original exception.</param>
/// <param name="code">The kind of mistake, or null for PSR201, a source that failed.</param>
public sealed class SourceException(string message, Exception cause, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.SourceFailed, message, cause);

/// <summary>
/// Thrown when input exists but cannot be read as it is, such as a file without permission, a broken link, or a named pipe. A polling
/// source waits until someone corrects it.
/// </summary>
/// <param name="message">The input, the cause and the remedy. The error code is prepended.</param>
/// <param name="cause">The original exception.</param>
/// <param name="code">The kind of mistake, or null for PSR202, input that cannot be read.</param>
public sealed class UnreadableInputException(string message, Exception cause, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.InputUnreadable, message, cause);

/// <summary>Thrown when the place of the input exists but contains no input yet. A polling source waits for it.</summary>
/// <param name="message">The input, its place and the remedy. The error code is prepended.</param>
/// <param name="code">The kind of mistake, or null for PSR203, input that was not found.</param>
public sealed class InputNotFoundException(string message, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.InputNotFound, message);
