namespace Penstock.Nodes;

/// <summary>
/// Thrown when a node does not belong to the job whose coordinator it has connected to. The job waits for another node and does not fail.
/// </summary>
/// <param name="code">The difference: the program or the checkpoints.</param>
/// <param name="message">The whole message: difference and remedy.</param>
/// <param name="cause">The original exception, if any.</param>
internal sealed class JoinRefusedException(PipelineErrorCode code, string message, Exception? cause = null)
    : PipelineException(code, message, cause);
