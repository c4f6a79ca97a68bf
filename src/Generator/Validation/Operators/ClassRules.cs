using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Checks what pipelines and operators have in common: the generator must be able to extend the class.</summary>
internal static class ClassRules
{
    /// <param name="type">The class.</param>
    /// <param name="remedy">How to fix a partial property without a body.</param>
    public static IEnumerable<DiagnosticInfo> Validate(ClassDeclaration type, string remedy)
    {
        if (!type.IsPartial)
        {
            yield return new DiagnosticInfo("PEN001", DiagnosticAnchor.Class, type.Name);
        }

        for (var i = 0; i < type.Containing.Count; i++)
        {
            if (!type.Containing[i].IsPartial)
            {
                yield return new DiagnosticInfo(
                    "PEN001",
                    DiagnosticAnchor.ContainingClass(type.Containing.Count - 1 - i),
                    type.Containing[i].Name);
            }
        }

        if (type.Problem != null)
        {
            yield return new DiagnosticInfo("PEN005", DiagnosticAnchor.Class, type.Name, type.Problem);
        }

        foreach (var property in type.Bodiless.Where(static property => !property.IsMarked))
        {
            yield return new DiagnosticInfo("PEN021", DiagnosticAnchor.Name(property.Name), property.Name, remedy);
        }
    }

    /// <summary>Whether generated code can create a class.</summary>
    public static DiagnosticInfo? ValidateCreation(
        CreationDeclaration creation,
        string name,
        DiagnosticAnchor classPlace,
        Func<int, DiagnosticAnchor> parameterPlace) => creation.Problem switch
        {
            CreationProblem.None or CreationProblem.Unknown => null,
            CreationProblem.Parameter => new DiagnosticInfo("PEN011", parameterPlace(creation.ProblemParameter), name, creation.Detail),
            CreationProblem.Abstract => new DiagnosticInfo("PEN010", classPlace, name, "it is abstract or not a class"),
            CreationProblem.NoConstructor => new DiagnosticInfo(
                "PEN010",
                classPlace,
                name,
                "it has no constructor that generated code can call; make one internal or public"),
            CreationProblem.RequiredMembers => new DiagnosticInfo(
                "PEN010",
                classPlace,
                name,
                "it has 'required' members, which only an object initializer can set; take them as constructor parameters"),
            CreationProblem.SeveralConstructors => new DiagnosticInfo(
                "PEN010",
                classPlace,
                name,
                "it has several constructors; keep one, or mark one with [ActivatorUtilitiesConstructor]"),
            _ => throw new InvalidOperationException($"Unknown problem with the creation of a class: {creation.Problem}."),
        };

    /// <summary>Whether code outside the class can refer to a type.</summary>
    public static DiagnosticInfo? ValidateAccess(TypeRef type, DiagnosticAnchor place) => type.Access switch
    {
        TypeAccess.Private => new DiagnosticInfo("PEN013", place, type.ShortName, "private in another type: make it internal"),
        TypeAccess.Unusable => new DiagnosticInfo(
            "PEN013",
            place,
            type.ShortName,
            "not a possible type of rows: use a class, struct or record that is not file-local, static or a ref struct"),
        TypeAccess.Public or TypeAccess.Internal or TypeAccess.Unknown => null,
        _ => throw new InvalidOperationException($"Unknown accessibility of a type: {type.Access}."),
    };

    /// <summary>Whether a type is missing, which the C# compiler reports.</summary>
    public static bool IsUnknown(TypeRef? type) => type is { Access: TypeAccess.Unknown };
}
