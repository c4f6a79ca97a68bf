using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Validation;

/// <summary>Checks operators that join two inputs: their methods must fit together.</summary>
internal static class JoinRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        if (declaration.Main is not { Form.TakesPair: true, Parameters.Count: 2 } match
            || OperatorModels.KindOf(declaration) is not { Attribute: { } attribute } kind)
        {
            yield break;
        }

        var alone = declaration.Methods.Where(static method => method is { Form.IsPerInput: true, Parameters.Count: 1 }).ToList();
        var taken = new HashSet<int>();
        foreach (var method in alone.Where(static method => !ClassRules.IsUnknown(method.Parameters[0].Type)))
        {
            var input = declaration.InputOf(method);
            if (input == 2 || !taken.Add(input))
            {
                yield return new DiagnosticInfo(
                    "PEN142",
                    DiagnosticAnchor.Parameter(method.Name, method.Overload, 0),
                    method.Form.Name,
                    method.Name,
                    method.Parameters[0].Type.ShortName,
                    input == 2
                        ? $"which are none of the rows that [{match.Form}] method '{match.Name}' takes"
                        : "as another one does",
                    string.Join(" or ", match.Parameters.Select(static parameter => parameter.Type.ShortName).Distinct()));
            }
        }

        var results = declaration.Methods.Where(method => kind.Methods.Contains(method.Form) && method.Return != null)
            .Where(static method => !ClassRules.IsUnknown(method.Return))
            .ToList();
        foreach (var method in results.Skip(1).Where(method => method.Return!.Name != results[0].Return!.Name))
        {
            yield return new DiagnosticInfo(
                "PEN143",
                DiagnosticAnchor.Return(method.Name, method.Overload),
                method.Form.Name,
                method.Name,
                method.Return!.ShortName,
                results[0].Form.Name,
                results[0].Name,
                results[0].Return!.ShortName);
        }

        if (match.Return != null || match.Problem != null)
        {
            yield break;
        }

        if (alone.Count == 0)
        {
            yield return new DiagnosticInfo(
                "PEN144",
                DiagnosticAnchor.Return(match.Name, match.Overload),
                declaration.Class.Name,
                $"emits nothing: return a row from [{match.Form}] method '{match.Name}', or add an [{kind.Last}] method");
        }
        else if (declaration.Written(kind) is { } written && written["Once"] == "True")
        {
            yield return new DiagnosticInfo(
                "PEN144",
                DiagnosticAnchor.ClassAttribute(attribute.Name, "Once"),
                declaration.Class.Name,
                $"sets Once, but its [{match.Form}] method has no results: remove Once, or return a row from '{match.Name}'");
        }
    }
}
