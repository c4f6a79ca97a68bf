namespace Penstock.Connectors;

/// <summary>
/// Thrown when a row cannot be written because code of its type throws, such as a computed member. A sink writer throws it from
/// <see cref="ISinkWriter{T}.Write"/>. The pipeline restarts as after an operator failure, and fails permanently when the error repeats at
/// the same place (<c>Restart:MaxFailuresPerRow</c>). Any other exception of a writer is treated as a failure of the external system and
/// retried.
/// </summary>
/// <param name="index">The index of the row in the batch.</param>
/// <param name="inner">The original exception.</param>
public sealed class RowWriteException(int index, Exception inner) : Exception(inner?.Message, inner)
{
    /// <summary>The index of the row in the batch, from 0.</summary>
    public int Index => index;
}
