using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the TTL of a state.</summary>
internal static class TtlRules
{
    public static IEnumerable<DiagnosticInfo> Validate(StateDeclaration state, OperatorDeclaration declaration, ClassKind? kind)
    {
        var isOfWindow = kind is { HasWindowScope: true } && !state.IsKeyScoped;
        if (state.Ttl == null)
        {
            if (state.TtlOption is { } option)
            {
                yield return new DiagnosticInfo(
                    "PEN324",
                    DiagnosticAnchor.AttributeOf(state.Name, KnownNames.State, option),
                    state.Name,
                    option,
                    $"set Ttl, or remove {option}, because state without Ttl never expires");
            }

            yield break;
        }

        if (state.TtlMicros <= 0)
        {
            yield return new DiagnosticInfo(
                "PEN322",
                DiagnosticAnchor.AttributeOf(state.Name, KnownNames.State, "Ttl"),
                state.Name,
                state.Ttl);
        }
        else if (isOfWindow && state.TtlTime == TtlTime.ProcessingTime)
        {
            yield return new DiagnosticInfo(
                "PEN324",
                DiagnosticAnchor.AttributeOf(state.Name, KnownNames.State, "TtlTime"),
                state.Name,
                "TtlTime",
                "remove it, because the state is removed with its window, by event time");
        }
        else if (isOfWindow && kind!.LifetimeOf(OperatorModels.ValuesOf(declaration, kind)) is var lifetime && state.TtlMicros < lifetime)
        {
            yield return new DiagnosticInfo(
                "PEN323",
                DiagnosticAnchor.AttributeOf(state.Name, KnownNames.State, "Ttl"),
                state.Name,
                state.Ttl,
                Durations.Format(lifetime));
        }
    }
}
