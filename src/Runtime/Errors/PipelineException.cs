namespace Penstock;

/// <summary>A pipeline cannot start or go on. The message says where, why, and what to do.</summary>
public class PipelineException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The whole message: place, cause and remedy.</param>
    /// <param name="inner">The cause, if it is an exception.</param>
    public PipelineException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
