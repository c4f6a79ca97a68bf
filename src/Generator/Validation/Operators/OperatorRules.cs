using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks an operator by itself, independent of where it is applied.</summary>
internal static class OperatorRules
{
    public static IReadOnlyList<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        if (declaration.Contract != null)
        {
            return ValidateReferenced(declaration);
        }

        var findings = new List<DiagnosticInfo>();
        findings.AddRange(ClassRules.Validate(declaration.Class, "mark it with [State], or write the body yourself"));
        if (declaration.Class is { Access: TypeAccess.Private, Problem: null })
        {
            findings.Add(new DiagnosticInfo(
                "PEN005",
                DiagnosticAnchor.Class,
                declaration.Class.Name,
                "private, so generated code cannot access it"));
        }

        if (declaration.ReservedMember != null)
        {
            findings.Add(new DiagnosticInfo("PEN012", DiagnosticAnchor.Name(declaration.ReservedMember), declaration.ReservedMember));
        }

        if (declaration.StrayMember != null)
        {
            findings.Add(new DiagnosticInfo(
                "PEN015",
                DiagnosticAnchor.Name(declaration.StrayMember),
                declaration.StrayMember,
                "[Pipeline]"));
        }

        if (declaration.Class.Problem == null
            && ClassRules.ValidateCreation(
                declaration.Creation,
                declaration.Class.Name,
                DiagnosticAnchor.Class,
                DiagnosticAnchor.ServiceParameter) is { } creation)
        {
            findings.Add(creation);
        }

        findings.AddRange(MethodRules.Validate(declaration));
        findings.AddRange(JoinRules.Validate(declaration));
        findings.AddRange(StateRules.Validate(declaration));
        findings.AddRange(EvolutionRules.Validate(declaration));
        findings.AddRange(KeyRules.Validate(declaration));
        findings.AddRange(KindAttributeRules.Validate(declaration));
        findings.AddRange(MergeRules.Validate(declaration));
        return findings;
    }

    private static IReadOnlyList<DiagnosticInfo> ValidateReferenced(OperatorDeclaration declaration) =>
        declaration.Referenced != null ? [] : [new DiagnosticInfo("PEN020", DiagnosticAnchor.Class, declaration.Class.Name)];

    /// <summary>Whether the operator can be generated: it is valid, and every type in it exists.</summary>
    public static bool CanEmit(OperatorDeclaration declaration) =>
        declaration.Contract == null
        && declaration.Creation.Problem == CreationProblem.None
        && !declaration.Methods.Any(static method => ClassRules.IsUnknown(method.Return)
            || method.Parameters.Any(static parameter =>
                parameter.Wrapper != KnownNames.Accumulator && ClassRules.IsUnknown(parameter.Type)))
        && !declaration.States.Any(static state => ClassRules.IsUnknown(state.Type) || state.Value.HasUnknownPart)
        && !declaration.Upgrades.Any(static upgrade =>
            upgrade.Takes.Any(static parameter => ClassRules.IsUnknown(parameter.Type) || parameter.Value.HasUnknownPart))
        && !Validate(declaration).Any(static finding => finding.IsError);
}
