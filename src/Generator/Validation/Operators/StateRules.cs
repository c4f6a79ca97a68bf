using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the state of an operator: all of it must survive a restart.</summary>
internal static class StateRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        var kind = OperatorModels.KindOf(declaration);
        foreach (var field in declaration.StateFields)
        {
            var form = StateForms.FormOf(field);
            yield return new DiagnosticInfo("PEN302", DiagnosticAnchor.Name(field.Name), field.Name, "it is a field", form);
        }

        foreach (var state in declaration.States)
        {
            // The form includes 'partial', so a missing 'partial' is not reported separately.
            var form = StateForms.FormOf(state.Kind, state.Type.ShortName, state.Name);
            if (state.Problem != null && state.Type.Access != TypeAccess.Unknown)
            {
                yield return new DiagnosticInfo("PEN302", DiagnosticAnchor.Name(state.Name), state.Name, state.Problem, form);
            }
            else if (!state.IsPartial)
            {
                yield return new DiagnosticInfo("PEN002", DiagnosticAnchor.Name(state.Name), state.Name, form);
            }

            if (kind is { IsKeyed: false })
            {
                yield return new DiagnosticInfo("PEN303", DiagnosticAnchor.Name(state.Name), state.Name, kind.Name);
            }

            if (kind is KeyedKind { HasDeclaredState: false })
            {
                yield return new DiagnosticInfo("PEN331", DiagnosticAnchor.Name(state.Name), state.Name, kind.Name);
            }

            if (state.Type.Access is TypeAccess.Private or TypeAccess.Unusable)
            {
                yield return new DiagnosticInfo("PEN304", DiagnosticAnchor.Type(state.Name), state.Name, state.Type.ShortName);
            }
            else if (state.Unserializable != null && state.Type.Access != TypeAccess.Unknown)
            {
                yield return new DiagnosticInfo("PEN301", DiagnosticAnchor.Type(state.Name), state.Name, state.Unserializable);
            }
            else if (state.MapKey is { HasStableHash: false } key && state.Type.Access != TypeAccess.Unknown)
            {
                yield return new DiagnosticInfo("PEN320", DiagnosticAnchor.Type(state.Name), state.Name, key.Type.Readable);
            }

            if (state.IsKeyScoped && kind is { IsKeyed: true, HasWindowScope: false })
            {
                yield return new DiagnosticInfo("PEN321", DiagnosticAnchor.AttributeOf(state.Name, KnownNames.State, "Scope"), state.Name);
            }
        }

        foreach (var finding in declaration.States.SelectMany(state => TtlRules.Validate(state, declaration, kind)))
        {
            yield return finding;
        }
    }
}
