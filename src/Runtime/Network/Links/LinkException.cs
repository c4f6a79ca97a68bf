namespace Penstock.Network.Links;

/// <summary>
/// The connection to another node has failed, or what came over it was not what that node has sent. It may pass: the pipeline restarts by
/// its restart options.
/// </summary>
/// <param name="message">The whole message: which connection, and what happened.</param>
/// <param name="cause">What has happened.</param>
internal sealed class LinkException(string message, Exception cause) : PipelineException(ErrorCodes.LinkFailed, message, cause);
