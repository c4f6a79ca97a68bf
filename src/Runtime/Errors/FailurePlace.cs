namespace Penstock.Errors;

/// <summary>The row or window at which user code failed.</summary>
/// <param name="Text">The failure and its position; the same text in each attempt.</param>
/// <param name="IsExact">
/// Indicates whether the failure was at exactly one row. If not, the text contains what is known of the row, such as its key.
/// </param>
internal sealed record FailurePlace(string Text, bool IsExact);
