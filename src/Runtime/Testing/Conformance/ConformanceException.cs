namespace Penstock.Testing;

/// <summary>A connector or a storage breaks a promise of its contract.</summary>
/// <param name="check">The name of the check, which is the promise.</param>
/// <param name="message">The whole message: what was done, what came of it, and what to do.</param>
/// <param name="inner">What was thrown; null where nothing was.</param>
public sealed class ConformanceException(string check, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The name of the check, which is the promise.</summary>
    public string Check { get; } = check;
}
