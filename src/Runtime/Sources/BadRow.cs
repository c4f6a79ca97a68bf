namespace Penstock;

/// <summary>A row of a source that could not be read.</summary>
/// <remarks>
/// As a message in the format Raw it is a dead letter: the text of the row is the value, or the whole <see cref="Message"/> where the row
/// was one, and headers that begin with <c>penstock-</c> say what was wrong with it.
/// </remarks>
/// <param name="Source">Where it comes from: a file, or a topic and partition.</param>
/// <param name="Position">Where it stands there: the line of a file (from 1), or an offset; <see cref="NoPosition"/> where the source says
/// it all.</param>
/// <param name="Column">The name of the column that could not be read; empty when the row as a whole is malformed.</param>
/// <param name="Error">What was found and what was expected.</param>
/// <param name="Text">The raw text of the row, cut at 64 KB.</param>
public readonly record struct BadRow(
    [property: Metadata("header:penstock-source")] string Source,
    [property: Metadata("header:penstock-position")] long Position,
    [property: Metadata("header:penstock-column")] string Column,
    [property: Metadata("header:penstock-error")] string Error,
    string Text)
{
    /// <summary>
    /// The position of a row of a source that hands over whole rows: where it stands is in <see cref="Source"/>, in the words of the
    /// source.
    /// </summary>
    public const long NoPosition = -1;

    /// <summary>
    /// The message that the row was, for rows that go to a side output; null for those of files, and where the connector does not keep
    /// them. It is no column.
    /// </summary>
    [Column(Ignore = true)]
    public BadMessage? Message { get; init; }
}
