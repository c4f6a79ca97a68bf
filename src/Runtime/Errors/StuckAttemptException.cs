namespace Penstock.Errors;

/// <summary>
/// Thrown when work that an attempt has started does not end, so that no other attempt may start in this process. Another process can
/// continue the job.
/// </summary>
/// <param name="message">The whole message: problem and remedy.</param>
/// <param name="failure">The failure that ended the attempt, or null if it had not failed.</param>
internal sealed class StuckAttemptException(string message, Exception? failure = null)
    : PipelineException(ErrorCodes.AttemptStuck, message, failure);
