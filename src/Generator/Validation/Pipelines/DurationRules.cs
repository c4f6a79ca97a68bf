using Penstock.Generator.Findings;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Validation;

/// <summary>What durations in attributes can be.</summary>
internal static class DurationRules
{
    /// <summary>Checks one that may be zero.</summary>
    /// <param name="text">The duration as written; null where none is.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="what">What it is, for messages.</param>
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
