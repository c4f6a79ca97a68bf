namespace Penstock.Checkpoints;

/// <summary>A checkpoint was not written, or not in time. The pipeline can go on: nothing of it was committed, and nothing is lost.</summary>
internal sealed class CheckpointFailedException(string message, Exception cause) : Exception(message, cause)
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
            throw new CheckpointFailedException($"Checkpoint {checkpoint} cannot be written to '{location}': {error.Message}", error);
        }
    }
}
