namespace Penstock.Testing;

/// <summary>Thrown when a connector or a storage breaks a promise of its contract.</summary>
/// <param name="check">The name of the check, which is the promise.</param>
/// <param name="message">The complete message: the action, its result, and the fix.</param>
/// <param name="inner">The exception that was thrown; null if there was none.</param>
public sealed class ConformanceException(string check, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The name of the check, which is the promise.</summary>
    public string Check { get; } = check;
}
