namespace Penstock.Errors;

/// <summary>
/// Thrown when user code throws while a row is read: the member that is the event time, or the construction of the row. The driver of the
/// source adds the name of the source.
/// </summary>
internal sealed class RowFailedException : PipelineException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="isTime">Indicates whether reading the event time failed.</param>
    /// <param name="error">The original exception.</param>
    /// <param name="place">The position of the row, or null if only the reader of the split can tell.</param>
    /// <param name="text">The row as text, or null if it is not known.</param>
    public RowFailedException(bool isTime, Exception error, string? place = null, string? text = null)
        : base(
            ErrorCodes.RowCodeFailed,
            $"{(isTime ? "The event time of a row cannot be read" : "A row cannot be made")}{(place == null ? "" : $" at {place}")}: {error.GetType().Name}: {error.Message}",
            error) =>
        (IsTime, Error, Place, Text) = (isTime, error, place, text);

    public bool IsTime { get; }

    public Exception Error { get; }

    public string? Place { get; }

    public string? Text { get; }

    /// <summary>Returns the exception with more details of the row.</summary>
    public static RowFailedException At(string? place, string? text, Exception error) =>
        error is RowFailedException failed
            ? new RowFailedException(failed.IsTime, failed.Error, place, text)
            : new RowFailedException(isTime: false, error, place, text);
}
