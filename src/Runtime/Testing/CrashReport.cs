namespace Penstock.Testing;

/// <summary>Where a pipeline was crashed without a difference in what it committed.</summary>
/// <param name="Seeds">How many runs with crashes there were.</param>
/// <param name="Steps">How many steps they took together.</param>
/// <param name="Crashes">How many crashes there were before each kind of step.</param>
public sealed record CrashReport(int Seeds, long Steps, IReadOnlyDictionary<string, int> Crashes)
{
    /// <summary>The counts, as text.</summary>
    /// <returns>A line for each kind of step.</returns>
    public override string ToString() =>
        $"{Seeds} seeds, {Steps} steps, {Crashes.Values.Sum()} crashes:" + string.Concat(Crashes
            .OrderBy(static kind => kind.Key, StringComparer.Ordinal)
            .Select(static kind => $"\n  {kind.Value} before: {kind.Key}"));
}

/// <summary>A pipeline has committed something else after crashes than without any.</summary>
/// <param name="message">The seed, the difference and the story.</param>
public sealed class CrashDifferenceException(string message) : Exception(message);
