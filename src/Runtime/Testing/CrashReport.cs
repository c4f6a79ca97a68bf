namespace Penstock.Testing;

/// <summary>The crashes of a pipeline that did not change its committed output.</summary>
/// <param name="Seeds">The number of runs with crashes.</param>
/// <param name="Steps">The total number of steps in these runs.</param>
/// <param name="Crashes">The number of crashes before each kind of step.</param>
public sealed record CrashReport(int Seeds, long Steps, IReadOnlyDictionary<string, int> Crashes)
{
    /// <summary>Returns the counts as text.</summary>
    /// <returns>A line for each kind of step.</returns>
    public override string ToString() =>
        $"{Seeds} seeds, {Steps} steps, {Crashes.Values.Sum()} crashes:" + string.Concat(Crashes
            .OrderBy(static kind => kind.Key, StringComparer.Ordinal)
            .Select(static kind => $"\n  {kind.Value} before: {kind.Key}"));
}

/// <summary>Thrown when the committed output of a pipeline after crashes differs from that of a run without crashes.</summary>
/// <param name="message">The seed, the difference and the sequence of steps.</param>
public sealed class CrashDifferenceException(string message) : Exception(message);
