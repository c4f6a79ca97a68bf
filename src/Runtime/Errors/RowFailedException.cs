namespace Penstock.Errors;

/// <summary>
/// Code of the pipeline's author has thrown while its row was read: the member that is its event time, or what makes the row. The driver of
/// the source says whose row it is.
/// </summary>
internal sealed class RowFailedException : PipelineException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="isTime">Whether the event time has failed.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="place">Where the row stands; null where only the reader of the split knows.</param>
    /// <param name="text">The row as text; null where it is not known.</param>
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

    /// <summary>The same of a row of which more is known.</summary>
    public static RowFailedException At(string? place, string? text, Exception error) =>
        error is RowFailedException failed
            ? new RowFailedException(failed.IsTime, failed.Error, place, text)
            : new RowFailedException(isTime: false, error, place, text);
}
