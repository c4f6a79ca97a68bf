using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the size, offset and allowed lateness of windows.</summary>
internal static class WindowRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        if (declaration.Window is not { } window)
        {
            yield break;
        }

        if (declaration.Methods.Count > 0 && OperatorModels.KindOf(declaration) is { IsWindowed: false } kind)
        {
            yield return new DiagnosticInfo(
                "PEN009",
                DiagnosticAnchor.ClassAttribute(KnownNames.TumblingWindow),
                declaration.Class.Name,
                $"[Accumulate] and [Fire] methods, which replace its [{kind}] method",
                "void Add(in TRow row)");
        }

        var size = 0L;
        foreach (var (text, argument, isLong) in new[]
        {
            (window.Size, "size", true),
            (window.Offset, "Offset", false),
            (window.Lateness, "AllowedLateness", false)
        })
        {
            if (argument != "size" && text == null)
            {
                continue;
            }

            var place = DiagnosticAnchor.ClassAttribute(KnownNames.TumblingWindow, argument);
            if (!Durations.TryParse(text, out var micros))
            {
                yield return new DiagnosticInfo("PEN205", place, text ?? "");
            }
            else if (argument == "size" && (size = micros) <= 0)
            {
                yield return new DiagnosticInfo("PEN206", place, "The size of a window", text!, "longer than zero");
            }
            else if (!isLong && micros < 0)
            {
                yield return new DiagnosticInfo(
                    "PEN206",
                    place,
                    argument == "Offset" ? "The offset of a window" : "The allowed lateness",
                    text!,
                    "zero or longer");
            }
            else if (argument == "Offset" && size > 0 && micros >= size)
            {
                yield return new DiagnosticInfo("PEN206", place, "The offset of a window", text!, $"shorter than its size ({window.Size})");
            }
        }
    }
}
