namespace Penstock.Errors;

/// <summary>
/// What an attempt to run a job had begun does not come to its end, so that no other attempt may begin in this process. Another process can
/// go on.
/// </summary>
/// <param name="message">The whole message: what it is, and what to do.</param>
/// <param name="failure">Why the attempt had ended; null where it had not failed.</param>
internal sealed class StuckAttemptException(string message, Exception? failure = null)
    : PipelineException(ErrorCodes.AttemptStuck, message, failure);
