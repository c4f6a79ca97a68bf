namespace Penstock.Tasks;

/// <summary>The key of a row has thrown when it was to be sent. The task says where the row stands.</summary>
internal sealed class KeyFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="stream">The stream that is keyed.</param>
    /// <param name="error">What was thrown.</param>
    public KeyFailedException(string stream, Exception error)
        : base(error.Message, error) => (Stream, Error) = (stream, error);

    public string Stream { get; }

    public Exception Error { get; }
}
