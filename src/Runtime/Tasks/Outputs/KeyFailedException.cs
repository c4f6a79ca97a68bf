namespace Penstock.Tasks;

/// <summary>Thrown when the key of a row to be sent throws an exception. The task adds the position of the row.</summary>
internal sealed class KeyFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="stream">The keyed stream.</param>
    /// <param name="error">The original exception.</param>
    public KeyFailedException(string stream, Exception error)
        : base(error.Message, error) => (Stream, Error) = (stream, error);

    public string Stream { get; }

    public Exception Error { get; }
}
