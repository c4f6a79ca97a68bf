namespace Penstock;

/// <summary>A row of a source that could not be read.</summary>
/// <param name="Source">Where it comes from: a file, or a topic and partition.</param>
/// <param name="Position">Where it stands there: the line of a file (from 1), or an offset.</param>
/// <param name="Column">The name of the column that could not be read; empty when the row as a whole is malformed.</param>
/// <param name="Error">What was found and what was expected.</param>
/// <param name="Text">The raw text of the row, cut at 64 KB.</param>
public readonly record struct BadRow(string Source, long Position, string Column, string Error, string Text);
