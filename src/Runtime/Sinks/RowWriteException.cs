namespace Penstock.Connectors;

/// <summary>
/// A row cannot be written because code of its type has thrown: a member that computes its value. A sink writer throws it out of
/// <see cref="ISinkWriter{T}.Write"/>. The pipeline restarts as after an error of an operator, and ends when it happens again at the same
/// place (<c>Restart:MaxFailuresPerRow</c>). Anything else that a writer throws is taken for trouble of the place that it writes to, and
/// tried again.
/// </summary>
/// <param name="index">The index of the row in the batch.</param>
/// <param name="inner">What was thrown.</param>
public sealed class RowWriteException(int index, Exception inner) : Exception(inner?.Message, inner)
{
    /// <summary>The index of the row in the batch, from 0.</summary>
    public int Index => index;
}
