using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>The attributes by which a class is of a kind: whether they fit its methods, and their values.</summary>
internal static class KindAttributeRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration) =>
        Validate(declaration, OperatorModels.KindOf(declaration), OperatorKinds.Classes);

    /// <param name="declaration">The class.</param>
    /// <param name="kind">Its kind; null where it has no method.</param>
    /// <param name="kinds">The kinds that a class can be of.</param>
    public static IEnumerable<DiagnosticInfo> Validate(
        OperatorDeclaration declaration,
        ClassKind? kind,
        IReadOnlyList<ClassKind> kinds)
    {
        foreach (var written in declaration.KindAttributes)
        {
            var owner = kinds.First(candidate => candidate.Attribute?.Name == written.Name);
            if (kind != null && kind != owner)
            {
                yield return Misplaced(declaration, kind, owner);
            }

            foreach (var finding in owner.Attribute!.Validate(written))
            {
                yield return finding;
            }
        }
    }

    private static DiagnosticInfo Misplaced(OperatorDeclaration declaration, ClassKind kind, ClassKind owner)
    {
        var place = DiagnosticAnchor.ClassAttribute(owner.Attribute!.Name);
        return kind.Attribute != null && owner.Methods.Contains(declaration.Methods[0].Form)
            ? new DiagnosticInfo("PEN007", place, declaration.Class.Name, $"{kind.Attribute}", $"{owner.Attribute}")
            : new DiagnosticInfo(
                "PEN009",
                place,
                declaration.Class.Name,
                $"{string.Join(" and ", owner.Methods.Select(static form => $"[{form}]"))} methods, which replace its [{kind}] method",
                owner.Main.Example);
    }
}
