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
        foreach (var (name, overload, parameter) in declaration.StrayKeys)
        {
            yield return new DiagnosticInfo(
                "PEN140",
                parameter < 0
                    ? DiagnosticAnchor.MethodAttribute(name, overload, KnownNames.KeyBy)
                    : DiagnosticAnchor.ParameterAttribute(name, overload, parameter, KnownNames.KeyBy),
                name);
        }

        var inputs = declaration.InputMethods.ToList();
        if (!declaration.HasClassKey && !inputs.Exists(static method => method.HasKey))
        {
            yield break;
        }

        var kind = OperatorModels.KindOf(declaration);
        if (kind is { IsKeyed: false })
        {
            yield return new DiagnosticInfo("PEN111", DiagnosticAnchor.ClassAttribute(KnownNames.KeyBy), declaration.Class.Name, kind.Name);
            yield break;
        }

        var findings = inputs.Select(method => ValidatePlace(method, declaration)).OfType<DiagnosticInfo>().ToList();
        if (findings.Count == 0 && declaration.Keys.Count == inputs.Count)
        {
            // With one key for all inputs, a problem of several of them is one problem.
            findings.AddRange(inputs.SelectMany((method, i) => ValidateMembers(method, declaration.Keys[i], inputs.Count)).Distinct());
        }

        if (findings.Count == 0 && declaration.Keys.Count == inputs.Count && inputs.TrueForAll(HasRow))
        {
            findings.AddRange(ValidateTypes(
                declaration.Class.Name,
                declaration.Keys,
                i => inputs[i].Parameters[0].Type.ShortName,
                i => declaration.Keys[i].Members.Count == 1 ? PlaceOf(inputs[i], 0) : PlaceOf(inputs[i])));
        }

        if (findings.Count == 0 && inputs.Count > 0 && HasRow(inputs[0]) && ValidateWindowKey(declaration) is { } mismatch)
        {
            findings.Add(mismatch);
        }

        foreach (var finding in findings)
        {
            yield return finding;
        }
    }

    private static string NameOf(MethodDeclaration input) => input.Side >= 0 ? input.Parameters[0].Name : input.Name;

    private static bool HasRow(MethodDeclaration method) => method.Parameters.Count > 0 && !ClassRules.IsUnknown(method.Parameters[0].Type);

    // The attribute that declares the key of an input, or a member that it names.
    private static DiagnosticAnchor PlaceOf(MethodDeclaration method, int? member = null)
    {
        var (argument, element) = member == null ? (null, -1) : ("members", member.Value);
        return method is { HasKey: true, Side: >= 0 }
            ? DiagnosticAnchor.ParameterAttribute(method.Name, method.Overload, method.Side, KnownNames.KeyBy, argument, element)
            : method.HasKey
            ? DiagnosticAnchor.MethodAttribute(method.Name, method.Overload, KnownNames.KeyBy, argument, element)
            : DiagnosticAnchor.ClassAttribute(KnownNames.KeyBy, argument, element);
    }

    // Either the class declares the key, or each method that takes an input does.
    private static DiagnosticInfo? ValidatePlace(MethodDeclaration method, OperatorDeclaration declaration)
    {
        if (declaration.HasClassKey)
        {
            return method.HasKey ? new DiagnosticInfo(
                "PEN116",
                PlaceOf(method),
                declaration.Class.Name) : null;
        }

        return method.HasKey ? null : new DiagnosticInfo(
            "PEN138",
            method.Side >= 0
                ? DiagnosticAnchor.Parameter(method.Name, method.Overload, method.Side)
                : DiagnosticAnchor.Method(method.Name, method.Overload),
            method.Side >= 0 ? $"Parameter of the [{method.Form}] method" : $"[{method.Form}] method",
            NameOf(method),
            NameOf(declaration.InputMethods.First(static other => other.HasKey)),
            HasRow(method) ? method.Parameters[0].Type.ShortName : "Row");
    }

    private static IEnumerable<DiagnosticInfo> ValidateMembers(MethodDeclaration method, KeyDeclaration key, int inputs) => HasRow(method)
        ? ValidateMembers(
            key,
            method.Parameters[0].Type,
            element => PlaceOf(method, element),
            inputs > 1 && !method.HasKey
                ? $"; if the rows have no such member in common, put [KeyBy] on each {(method.Side >= 0 ? "parameter of the " : "")}[{method.Form}] method"
                : "")
        : [];

    /// <summary>Reports inputs whose key has other types than that of the first one.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="keys">The valid key of each input.</param>
    /// <param name="rowOf">The rows of an input, for messages.</param>
    /// <param name="placeOf">The place where the key of an input is declared.</param>
    public static IEnumerable<DiagnosticInfo> ValidateTypes(
        string name,
        EquatableArray<KeyDeclaration> keys,
        Func<int, string> rowOf,
        Func<int, DiagnosticAnchor> placeOf)
    {
        for (var i = 1; i < keys.Count; i++)
        {
            var (first, type) = (TypeOf(keys[0]), TypeOf(keys[i]));
            if (type != first)
            {
                yield return new DiagnosticInfo("PEN139", placeOf(i), name, rowOf(0), first.Readable, rowOf(i), type.Readable);
            }
        }
    }

    private static TypeName TypeOf(KeyDeclaration key) => key.Members.Count == 1
        ? key.Members[0].Value!.Type
        : ValueModel.Tuple(key.Members.Select(static member => member.Value!)).Type;

    /// <summary>Checks the members of a key against the row.</summary>
    /// <param name="key">The key.</param>
    /// <param name="row">The row.</param>
    /// <param name="place">The place of a member of the key.</param>
    /// <param name="otherwise">What to do if the row lacks the member, as the end of a sentence.</param>
    public static IEnumerable<DiagnosticInfo> ValidateMembers(
        KeyDeclaration key,
        TypeRef row,
        Func<int, DiagnosticAnchor> place,
        string otherwise = "")
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
                    new EquatableArray<string>([member.Name, row.ShortName, Suggestions.Sentence(suggestion) + otherwise]),
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

        var type = TypeOf(declaration.Keys[0]);
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
