using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Checks that the states of windows can be merged, where windows are made of parts.</summary>
internal static class MergeRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        if (OperatorModels.KindOf(declaration) is not { MergesStates: true } kind || declaration.Written(kind) == null)
        {
            yield break;
        }

        var states = declaration.States.Where(static state => !state.IsKeyScoped).ToList();
        foreach (var state in states.Where(static state => state.IsCollection))
        {
            yield return new DiagnosticInfo(
                "PEN327",
                DiagnosticAnchor.Type(state.Name),
                state.Name,
                state.Type.ShortName,
                $"{kind.Attribute}");
        }

        var merged = states.Where(static state => !state.IsCollection).ToList();
        if (merged.Count > 0 && !declaration.Methods.Any(static method => method.Form.TakesState))
        {
            var statements = merged.Select(StatementOf).ToList();
            yield return new DiagnosticInfo(
                "PEN022",
                DiagnosticAnchor.ClassAttribute(kind.Attribute!.Name),
                new EquatableArray<string>(
                    [declaration.Class.Name, $"{kind.Attribute}", kind.Methods.First(static form => form.TakesState).Example]),
                statements.Contains(null) ? null : string.Join(" ", statements));
        }
    }

    // The statement that merges a state for which there is an obvious one.
    private static string? StatementOf(StateDeclaration state)
    {
        var name = Identifier.Escape(state.Name);
        return state.Kind == StateKind.Reducing ? $"if (other.{name}.HasValue) {name}.Add(other.{name}.Value);"
            : state.Kind == StateKind.Value && IsNumber(state.Value.Kind) ? $"{name} += other.{name};"
            : null;
    }

    private static bool IsNumber(ValueKind kind) => kind is ValueKind.Int32
        or ValueKind.Int64
        or ValueKind.UInt32
        or ValueKind.UInt64
        or ValueKind.Single
        or ValueKind.Double
        or ValueKind.Decimal;
}
