using Penstock.Generator.Findings;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Validation;

/// <summary>Checks durations in attributes.</summary>
internal static class DurationRules
{
    /// <summary>Checks a duration that may be zero but not negative.</summary>
    /// <param name="text">The duration as written; null if there is none.</param>
    /// <param name="place">Its place.</param>
    /// <param name="what">Its name in messages.</param>
    public static IEnumerable<DiagnosticInfo> NotNegative(string? text, DiagnosticAnchor place, string what)
    {
        if (text != null && !Durations.TryParse(text, out var micros))
        {
            yield return new DiagnosticInfo("PEN205", place, text);
        }
        else if (text != null && Durations.TryParse(text, out micros) && micros < 0)
        {
            yield return new DiagnosticInfo("PEN206", place, what, text, "zero or longer");
        }
    }
}
