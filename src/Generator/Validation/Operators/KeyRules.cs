using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks keys: their members must exist and have a stable hash.</summary>
internal static class KeyRules
{
    private const int MostMembers = 7;

    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        if (declaration.Key == null)
        {
            yield break;
        }

        var kind = OperatorModels.KindOf(declaration);
        if (kind is { IsKeyed: false })
        {
            yield return new DiagnosticInfo("PEN111", DiagnosticAnchor.ClassAttribute(KnownNames.KeyBy), declaration.Class.Name, kind.Name);
            yield break;
        }

        var row = declaration.Methods.FirstOrDefault(static method => method.Form.TakesRow
            && method.Parameters.Count > 0)?.Parameters[0].Type;
        if (row == null || ClassRules.IsUnknown(row))
        {
            yield break;
        }

        var wrong = false;
        foreach (var finding in ValidateMembers(
            declaration.Key,
            row,
            element => DiagnosticAnchor.ClassAttribute(KnownNames.KeyBy, "members", element)))
        {
            wrong = true;
            yield return finding;
        }

        if (!wrong && ValidateWindowKey(declaration) is { } mismatch)
        {
            yield return mismatch;
        }
    }

    /// <summary>Checks the members of a key against the row.</summary>
    public static IEnumerable<DiagnosticInfo> ValidateMembers(KeyDeclaration key, TypeRef row, Func<int, DiagnosticAnchor> place)
    {
        if (key.Members.Count == 0)
        {
            yield return new DiagnosticInfo("PEN108", place(-1), "", row.ShortName, "; name at least one, such as nameof(Row.Member)");
        }

        for (var i = 0; i < key.Members.Count; i++)
        {
            var member = key.Members[i];
            if (member.Value == null)
            {
                var suggestion = Suggestions.For(member.Name, member.Candidates);
                yield return new DiagnosticInfo(
                    "PEN108",
                    place(i),
                    new EquatableArray<string>([member.Name, row.ShortName, Suggestions.Sentence(suggestion)]),
                    suggestion);
            }
            else if (!member.Value.HasStableHash)
            {
                yield return new DiagnosticInfo("PEN109", place(i), member.Name, member.Value.Type.Readable);
            }
            else if (key.Members.Take(i).Any(other => other.Name == member.Name))
            {
                yield return new DiagnosticInfo("PEN112", place(i), member.Name);
            }
        }

        if (key.Members.Count > MostMembers)
        {
            yield return new DiagnosticInfo("PEN117", place(MostMembers), key.Members.Count.ToString());
        }
    }

    /// <summary>Why a row cannot be a key as a whole, as the end of a sentence; null if it can.</summary>
    /// <param name="row">All of its columns.</param>
    public static string? FindProblem(KeyDeclaration row) =>
        row.Members.Count == 0 ? "it has no columns"
        : row.Members.FirstOrDefault(static member => member.Value is not { HasStableHash: true }) is { } wrong
            ? $"its column '{wrong.Name}'{(wrong.Value == null ? "" : $" of type '{wrong.Value.Type.Readable}'")} cannot be part of a key"
        : row.Members.Count > MostMembers ? $"it has {row.Members.Count} columns, and a key has at most {MostMembers} members"
        : null;

    private static DiagnosticInfo? ValidateWindowKey(OperatorDeclaration declaration)
    {
        var fire = declaration.Fire;
        if (fire == null
            || fire.Parameters.Count < fire.Form.Parameters
            || fire.Parameters[0] is not { Wrapper: KnownNames.Window or KnownNames.Timer, Inner: { } named }
            || named.Access == TypeAccess.Unknown)
        {
            return null;
        }

        var members = declaration.Key!.Members;
        var type = members.Count == 1 ? members[0].Value!.Type : ValueModel.Tuple(members.Select(static member => member.Value!)).Type;
        return type == named.Name ? null : new DiagnosticInfo(
            "PEN113",
            DiagnosticAnchor.Parameter(fire.Name, fire.Overload, 0),
            declaration.Class.Name,
            named.ShortName,
            type.Readable,
            fire.Form.Name,
            $"{fire.Form.Takes}");
    }
}
