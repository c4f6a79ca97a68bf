namespace Penstock.Checkpoints;

/// <summary>
/// A checkpoint was not written, or not in time. The pipeline can go on: nothing of it was committed, and nothing is lost.
/// </summary>
/// <param name="code">Whether it was not written, or not in time.</param>
/// <param name="message">The whole message: which checkpoint, and what happened.</param>
/// <param name="cause">What has happened.</param>
internal sealed class CheckpointFailedException(PipelineErrorCode code, string message, Exception cause)
    : PipelineException(code, message, cause)
{
    /// <summary>Writes something of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="location">Where it is written.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="CheckpointFailedException">It cannot be written.</exception>
    public static T Explained<T>(long checkpoint, string location, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw new CheckpointFailedException(
                ErrorCodes.CheckpointNotWritten,
                $"Checkpoint {checkpoint} cannot be written to '{location}': {error.Message}",
                error);
        }
    }
}
