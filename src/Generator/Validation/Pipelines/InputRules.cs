using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Checks the inputs that <c>[Apply]</c> names: one stream for each input of the operator, in their order.</summary>
internal static class InputRules
{
    /// <param name="stream">The stream.</param>
    /// <param name="producer">The index of the attribute among the producers of the stream.</param>
    /// <param name="apply">The attribute.</param>
    /// <param name="applied">The operator.</param>
    public static IEnumerable<DiagnosticInfo> Validate(
        StreamDeclaration stream,
        int producer,
        ApplyDeclaration apply,
        OperatorDeclaration applied)
    {
        var (names, rows) = (apply.Inputs, RowsOf(applied));
        var kind = OperatorModels.KindOf(applied);
        if (kind != null && rows.Count > 0 && names.Count != rows.Count)
        {
            yield return new DiagnosticInfo(
                "PEN137",
                names.Count > rows.Count ? PlaceOf(rows.Count) : DiagnosticAnchor.Producer(stream.Property, producer),
                applied.Class.Name,
                rows.Count == 1 ? "one input" : $"{rows.Count} inputs",
                stream.Property,
                names.Count == 0 ? "none" : $"{names.Count}",
                kind.Main.TakesPair ? $"parameter of its [{kind.Main}] method" : $"[{kind.Main}] method",
                string.Join(", ", rows));
        }

        for (var i = 1; i < names.Count; i++)
        {
            if (names[i].Length > 0 && names.Take(i).Contains(names[i]))
            {
                yield return new DiagnosticInfo("PEN123", PlaceOf(i), names[i], $"'{stream.Property}'");
            }
        }

        if (apply.Preferred is { } preferred && !names.Contains(preferred))
        {
            yield return new DiagnosticInfo(
                "PEN132",
                DiagnosticAnchor.Producer(stream.Property, producer, ClassKind.PreferredParameter),
                preferred,
                stream.Property);
        }

        DiagnosticAnchor PlaceOf(int input) =>
            DiagnosticAnchor.ProducerElement(stream.Property, producer, ClassKind.Parameter, input);
    }

    // The types of the rows that the operator takes; empty if its methods are invalid.
    private static List<string> RowsOf(OperatorDeclaration applied) =>
        applied.Referenced is { } model ? [.. model.Inputs.Select(static input => input.Row.ShortName)]
        : applied.InputMethods.Any(static method => method.Parameters.Count == 0) || applied.LacksPair ? []
        : [.. applied.InputMethods.Select(static method => method.Parameters[0].Type.ShortName)];
}
