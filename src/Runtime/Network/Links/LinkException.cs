namespace Penstock.Network.Links;

/// <summary>
/// Thrown when the connection to another node fails, or when received data are damaged. The error may be transient: the pipeline restarts
/// according to its restart options.
/// </summary>
/// <param name="message">The whole message: the connection and the problem.</param>
/// <param name="cause">The original exception.</param>
internal sealed class LinkException(string message, Exception cause) : PipelineException(ErrorCodes.LinkFailed, message, cause);
