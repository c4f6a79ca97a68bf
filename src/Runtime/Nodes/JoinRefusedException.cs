namespace Penstock.Nodes;

/// <summary>A node does not belong to the job whose coordinator it has found. The job waits for another one, and does not fail.</summary>
/// <param name="code">What differs: the program or the checkpoints.</param>
/// <param name="message">The whole message: what differs, and what helps.</param>
/// <param name="cause">What has happened, if anything.</param>
internal sealed class JoinRefusedException(PipelineErrorCode code, string message, Exception? cause = null)
    : PipelineException(code, message, cause);
