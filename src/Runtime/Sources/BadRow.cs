namespace Penstock;

/// <summary>A row of a source that could not be read.</summary>
/// <remarks>
/// As a message in format Raw it is a dead letter: the value is the text of the row, or the whole <see cref="Message"/> if the row was one,
/// and headers with the prefix <c>penstock-</c> describe the error.
/// </remarks>
/// <param name="Source">The origin of the row: a file, or a topic and partition.</param>
/// <param name="Position">
/// The position of the row in the source: the line of a file (from 1), or an offset; <see cref="NoPosition"/> if <see cref="Source"/>
/// contains the position.
/// </param>
/// <param name="Column">The name of the column that could not be read; empty if the row as a whole is malformed.</param>
/// <param name="Error">The actual and the expected content.</param>
/// <param name="Text">The raw text of the row, truncated at 64 KB.</param>
public readonly record struct BadRow(
    [property: Metadata("header:penstock-source")] string Source,
    [property: Metadata("header:penstock-position")] long Position,
    [property: Metadata("header:penstock-column")] string Column,
    [property: Metadata("header:penstock-error")] string Error,
    string Text)
{
    /// <summary>
    /// The position of a row from a source that provides whole rows: <see cref="Source"/> describes the position instead.
    /// </summary>
    public const long NoPosition = -1;

    /// <summary>
    /// The original message of the row, for rows that go to a side output; null for rows of files, and if the connector does not keep
    /// messages. It is not a column.
    /// </summary>
    [Column(Ignore = true)]
    public BadMessage? Message { get; init; }
}
