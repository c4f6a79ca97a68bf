namespace Penstock;

/// <summary>
/// Thrown when a pipeline cannot start or continue. The message begins with a code, and gives the place, the cause and the remedy;
/// <see cref="Exception.HelpLink"/> is the page of the code.
/// </summary>
public class PipelineException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The kind of mistake, or <see cref="PipelineErrorCode.Custom"/> if it has no code.</param>
    /// <param name="message">Place, cause and remedy. The error code is prepended.</param>
    /// <param name="inner">The exception that caused this one, if any.</param>
    public PipelineException(PipelineErrorCode code, string message, Exception? inner = null)
        : base($"{(code ?? throw new ArgumentNullException(nameof(code))).Id}: {message}", inner)
    {
        (ErrorCode, Description) = (code, message);
        HelpLink = code.HelpLink;
    }

    /// <summary>The code of the error, such as <c>PSR203</c>.</summary>
    public string Code => ErrorCode.Id;

    /// <summary>The error code with its title and page.</summary>
    internal PipelineErrorCode ErrorCode { get; }

    /// <summary>The message without its code, for use in a longer message.</summary>
    internal string Description { get; }
}
