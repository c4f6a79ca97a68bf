namespace Penstock;

/// <summary>
/// A pipeline cannot start or go on. The message begins with a code, and says where, why, and what to do;
/// <see cref="Exception.HelpLink"/> is the page of the code.
/// </summary>
public class PipelineException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The kind of mistake; <see cref="PipelineErrorCode.Custom"/> for one that has no code.</param>
    /// <param name="message">Place, cause and remedy. The code is put in front of it.</param>
    /// <param name="inner">The cause, if it is an exception.</param>
    public PipelineException(PipelineErrorCode code, string message, Exception? inner = null)
        : base($"{(code ?? throw new ArgumentNullException(nameof(code))).Id}: {message}", inner)
    {
        (ErrorCode, Description) = (code, message);
        HelpLink = code.HelpLink;
    }

    /// <summary>The code of the error, such as <c>PSR203</c>.</summary>
    public string Code => ErrorCode.Id;

    /// <summary>The same with its title and page.</summary>
    internal PipelineErrorCode ErrorCode { get; }

    /// <summary>The message without its code, for a message that says more.</summary>
    internal string Description { get; }
}
