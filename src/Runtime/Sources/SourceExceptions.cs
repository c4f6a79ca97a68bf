namespace Penstock;

/// <summary>A row of a source could not be read and the source's policy is <see cref="BadRowPolicy.Fail"/>.</summary>
/// <param name="row">The row that could not be read: its place and what is wrong with it.</param>
/// <param name="message">Place, cause and remedy. The code is put in front of it.</param>
public sealed class BadRowException(BadRow row, string message) : PipelineException(ErrorCodes.RowUnreadable, message)
{
    /// <summary>The row that could not be read: its place and what is wrong with it.</summary>
    public BadRow Row { get; } = row;
}

/// <summary>The input of a pipeline is no longer what its checkpoint was taken from.</summary>
/// <param name="message">What changed and what to do. The code is put in front of it.</param>
/// <param name="code">The kind of change; null for PSR205, input that has changed since it was read.</param>
public sealed class SourceChangedException(string message, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.InputChanged, message);

/// <summary>
/// Input that is there could not be read, such as from a server that does not answer. It may pass: the pipeline restarts by its restart
/// options.
/// </summary>
/// <param name="message">What was read and what happened. The code is put in front of it.</param>
/// <param name="cause">What reading has thrown.</param>
/// <param name="code">The kind of mistake; null for PSR201, a source that failed.</param>
public sealed class SourceException(string message, Exception cause, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.SourceFailed, message, cause);

/// <summary>
/// Input is there and cannot be read as it is, such as a file without permission, a link that leads nowhere, or a named pipe. A source that
/// polls waits for somebody to mend it.
/// </summary>
/// <param name="message">What cannot be read, why, and what to do. The code is put in front of it.</param>
/// <param name="cause">What reading has thrown.</param>
/// <param name="code">The kind of mistake; null for PSR202, input that cannot be read.</param>
public sealed class UnreadableInputException(string message, Exception cause, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.InputUnreadable, message, cause);

/// <summary>A place that input comes from is there, and there is no input yet. A source that polls waits for it.</summary>
/// <param name="message">What was looked for, where, and what to do. The code is put in front of it.</param>
/// <param name="code">The kind of mistake; null for PSR203, input that was not found.</param>
public sealed class InputNotFoundException(string message, PipelineErrorCode? code = null)
    : PipelineException(code ?? ErrorCodes.InputNotFound, message);
