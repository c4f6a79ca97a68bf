namespace Penstock;

/// <summary>A row of a source could not be read and the source's policy is <see cref="BadRowPolicy.Fail"/>.</summary>
/// <param name="row">The row that could not be read: its place and what is wrong with it.</param>
/// <param name="message">The whole message: place, cause and remedy.</param>
public sealed class BadRowException(BadRow row, string message) : PipelineException(message)
{
    /// <summary>The row that could not be read: its place and what is wrong with it.</summary>
    public BadRow Row { get; } = row;
}

/// <summary>The input of a pipeline is no longer what its checkpoint was taken from.</summary>
/// <param name="message">The whole message: what changed and what to do.</param>
public sealed class SourceChangedException(string message) : PipelineException(message);

/// <summary>Input that is there could not be read, such as from a server that does not answer. It may pass: the pipeline restarts by its restart options.</summary>
/// <param name="message">The whole message: what was read and what happened.</param>
/// <param name="cause">What reading has thrown.</param>
public sealed class SourceException(string message, Exception cause) : PipelineException(message, cause);

/// <summary>Input is there and cannot be read as it is, such as a file without permission, a link that leads nowhere, or a named pipe. A source that polls waits for somebody to mend it.</summary>
/// <param name="message">The whole message: what cannot be read, why, and what to do.</param>
/// <param name="cause">What reading has thrown.</param>
public sealed class UnreadableInputException(string message, Exception cause) : PipelineException(message, cause);

/// <summary>A place that input comes from is there, and there is no input yet. A source that polls waits for it.</summary>
/// <param name="message">The whole message: what was looked for, where, and what to do.</param>
public sealed class InputNotFoundException(string message) : PipelineException(message);
