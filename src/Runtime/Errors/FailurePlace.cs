namespace Penstock.Errors;

/// <summary>The row or window at which code of the pipeline's author has failed.</summary>
/// <param name="Text">What failed and where, the same text at each attempt.</param>
/// <param name="IsExact">Whether it is one row and no other; if not, the text names what is known of it, such as its key.</param>
internal sealed record FailurePlace(string Text, bool IsExact);
