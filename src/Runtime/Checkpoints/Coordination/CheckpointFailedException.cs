namespace Penstock.Checkpoints;

/// <summary>
/// Thrown when a checkpoint was not written, or not in time. The pipeline can continue: nothing of it was committed, and nothing is lost.
/// </summary>
/// <param name="code">The code for a checkpoint that was not written, or not in time.</param>
/// <param name="message">The whole message: the checkpoint and the problem.</param>
/// <param name="cause">The original exception.</param>
internal sealed class CheckpointFailedException(PipelineErrorCode code, string message, Exception cause)
    : PipelineException(code, message, cause)
{
    /// <summary>Writes a part of a checkpoint and converts exceptions.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="location">The location of the storage.</param>
    /// <param name="write">Writes the part.</param>
    /// <exception cref="CheckpointFailedException">The part cannot be written.</exception>
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
