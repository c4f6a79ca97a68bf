using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the behaviour of an operator: its methods and their signatures.</summary>
internal static class MethodRules
{
    public static IEnumerable<DiagnosticInfo> Validate(OperatorDeclaration declaration)
    {
        if (declaration.Methods.Count == 0)
        {
            yield return new DiagnosticInfo(
                "PEN006",
                DiagnosticAnchor.Class,
                declaration.Class.Name,
                string.Join(", or ", OperatorKinds.Classes.Select(static kind => kind.Behaviour).Distinct()));
            yield break;
        }

        foreach (var finding in ValidateRoles(declaration))
        {
            yield return finding;
        }

        foreach (var method in declaration.Methods)
        {
            if (ValidateSignature(method) is { } finding)
            {
                yield return finding;
                continue;
            }

            foreach (var access in ValidateAccess(method))
            {
                yield return access;
            }

            foreach (var option in ValidateOptions(method))
            {
                yield return option;
            }

            var first = declaration.Methods.FirstOrDefault(static other => other.Form.Emits && ValidateSignature(other) == null);
            if (first != null && method.Form.Emits && method != first && ValidateOutputs(method, first) is { } outputs)
            {
                yield return outputs;
            }
        }
    }

    private static IEnumerable<DiagnosticInfo> ValidateOptions(MethodDeclaration method) => method.Options is { } written
        ? method.Form.Options!.Validate(
            method.Name,
            written,
            argument => DiagnosticAnchor.MethodAttribute(method.Name, method.Overload, written.Name, argument))
        : [];

    // All methods of a class that emit rows fill the same outputs.
    private static DiagnosticInfo? ValidateOutputs(MethodDeclaration method, MethodDeclaration first)
    {
        var expected = first.Outputs.Select(Describe).ToList();
        return method.Outputs.Select(Describe).SequenceEqual(expected) ? null : new DiagnosticInfo(
            "PEN225",
            DiagnosticAnchor.Method(method.Name, method.Overload),
            method.Form.Name,
            method.Name,
            first.Form.Name,
            first.Name,
            string.Join(", ", expected));

        // The name of the main output is free: the stream has its rows.
        static string Describe(ParameterDeclaration output, int index) =>
            $"ref Output<{output.Inner?.ShortName}> {(index == 0 ? "output" : output.Name)}";
    }

    private static IEnumerable<DiagnosticInfo> ValidateRoles(OperatorDeclaration declaration)
    {
        var kind = OperatorModels.KindOf(declaration)!;
        var found = new Dictionary<MethodForm, MethodDeclaration>();
        foreach (var method in declaration.Methods)
        {
            var isFurtherInput = (kind.TakesSeveralInputs && method.Form == kind.Main) || method.Form.IsPerInput;
            if ((found.ContainsKey(method.Form) && !isFurtherInput) || !kind.Methods.Contains(method.Form))
            {
                yield return new DiagnosticInfo(
                    "PEN007",
                    DiagnosticAnchor.Method(method.Name, method.Overload),
                    declaration.Class.Name,
                    declaration.Methods[0].Name,
                    method.Name);
            }
            else if (!found.ContainsKey(method.Form))
            {
                found.Add(method.Form, method);
            }
            else if (method.ClassPart != found[method.Form].ClassPart
                && !(method.Form.IsPerInput && declaration.InputOf(method) != declaration.InputOf(found[method.Form])
                    && declaration.InputMethods.Select(static input => input.Parameters[0].Type.Name).Distinct().Count() > 1))
            {
                yield return new DiagnosticInfo(
                    "PEN141",
                    DiagnosticAnchor.Method(method.Name, method.Overload),
                    declaration.Class.Name,
                    method.Form.Name,
                    method.Name,
                    found[method.Form].Name);
            }
        }

        var first = kind.Methods.Where(found.ContainsKey).Select(form => found[form]).First();
        var place = DiagnosticAnchor.Method(first.Name, first.Overload);
        foreach (var form in kind.Methods.Where(form => !found.ContainsKey(form) && !form.TakesState && !form.IsOptional))
        {
            yield return new DiagnosticInfo("PEN009", place, declaration.Class.Name, $"[{form}] method", form.Example);
        }

        if (kind.Attribute is { } attribute && declaration.Written(kind) == null)
        {
            yield return new DiagnosticInfo("PEN009", place, declaration.Class.Name, $"{attribute.Noun} attribute", attribute.Example);
        }
    }

    private const string NoAsync = ", and only an [AsyncMap] method can wait: make it one, or take a service that already has the result";

    private static bool IsTask(TypeRef? type) => type != null
        && (type.Name.Is("System.Threading.Tasks.Task") || type.Name.Is("System.Threading.Tasks.ValueTask"));

    private static DiagnosticInfo? ValidateSignature(MethodDeclaration method)
    {
        var name = DiagnosticAnchor.Method(method.Name, method.Overload);
        if (method.Problem != null)
        {
            return Wrong(method, name, $"it is {method.Problem}{(method.Problem == "async" ? NoAsync : "")}");
        }

        if (IsTask(method.Return) && !method.Form.IsAwaited)
        {
            return Wrong(
                method,
                DiagnosticAnchor.Return(method.Name, method.Overload),
                $"it returns a {method.Return!.ShortName}{NoAsync}");
        }

        // The compiler reports types that do not exist, so nothing is reported here.
        var parameters = method.Parameters;
        var expected = method.Form.Parameters;
        var withContext = method.Form.TakesContext && parameters.Count > expected && parameters[1].Wrapper != KnownNames.Output;
        if (parameters.Count < expected || parameters.Count > expected && !method.Form.Emits)
        {
            return Wrong(method, name, $"it takes {parameters.Count} parameter{(parameters.Count == 1 ? "" : "s")}");
        }

        for (var i = 0; i < (method.Form.TakesPair ? 2 : 1); i++)
        {
            if (parameters[i].Kind is PassingKind.Ref or PassingKind.Out)
            {
                return Wrong(
                    method,
                    DiagnosticAnchor.Parameter(method.Name, method.Overload, i),
                    $"'{parameters[i].Name}' is passed by '{parameters[i].Kind.ToString().ToLowerInvariant()}'");
            }

            if (FindWrongInput(method.Form, parameters[i]) is { } problem)
            {
                return Wrong(
                    method,
                    DiagnosticAnchor.Parameter(method.Name, method.Overload, i),
                    $"'{parameters[i].Name}' is not {problem}");
            }
        }

        if (withContext
            && (parameters[1] is not { Wrapper: KnownNames.Context, Kind: PassingKind.In or PassingKind.Value })
            && !ClassRules.IsUnknown(parameters[1].Type))
        {
            return Wrong(method, DiagnosticAnchor.Parameter(method.Name, method.Overload, 1), $"'{parameters[1].Name}' is not an 'in Context'");
        }

        if (method.Form.IsAwaited && FindWrongTask(method) is { } wrong)
        {
            return wrong;
        }

        if (method.AcceptsUpdates && !withContext)
        {
            return Wrong(method, name, "it takes updates, but has no 'in Context' parameter, which tells which of them delete a row");
        }

        for (var i = withContext ? 2 : 1; method.Form.Emits && i < parameters.Count; i++)
        {
            if (parameters[i] is not { Wrapper: KnownNames.Output, Inner: not null, Kind: PassingKind.Ref }
                && !ClassRules.IsUnknown(parameters[i].Type))
            {
                return Wrong(
                    method,
                    DiagnosticAnchor.Parameter(method.Name, method.Overload, i),
                    $"'{parameters[i].Name}' is not a 'ref Output<TOut>'");
            }
        }

        return method.Form.Result switch
        {
            MethodResult.Bool when method.Return?.Name.Is("System.Boolean") != true && !ClassRules.IsUnknown(method.Return) =>
                Wrong(method, DiagnosticAnchor.Return(method.Name, method.Overload), "it does not return bool"),
            MethodResult.Row when method.Return == null && !method.Form.MayReturnNothing =>
                Wrong(method, DiagnosticAnchor.Return(method.Name, method.Overload), "it returns nothing"),
            MethodResult.Nothing when method.Return != null =>
                Wrong(method, DiagnosticAnchor.Return(method.Name, method.Overload), "it returns a value"),
            _ => null,
        };
    }

    private static DiagnosticInfo? FindWrongTask(MethodDeclaration method) =>
        method.Parameters[1] is var cancellation
            && cancellation is not { Wrapper: KnownNames.CancellationToken, Kind: PassingKind.Value or PassingKind.In }
            && !ClassRules.IsUnknown(cancellation.Type)
            ? Wrong(
                method,
                DiagnosticAnchor.Parameter(method.Name, method.Overload, 1),
                $"'{cancellation.Name}' is not a CancellationToken")
        : method.Awaited == null && !ClassRules.IsUnknown(method.Return)
            ? Wrong(
                method,
                DiagnosticAnchor.Return(method.Name, method.Overload),
                $"it returns {(method.Return == null ? "nothing" : $"a {method.Return.ShortName}")}, and not a ValueTask with a row")
        : null;

    // What the first parameter should be; null if it is that.
    private static string? FindWrongInput(MethodForm form, ParameterDeclaration parameter) => form.Takes switch
    {
        MethodInput.Row => parameter.Wrapper == null ? null : "a row",
        MethodInput.Window => IsKeyed(parameter, KnownNames.Window) ? null : "a Window<TKey>",
        MethodInput.Timer => IsKeyed(parameter, KnownNames.Timer) ? null : "a Timer<TKey>",
        MethodInput.State => parameter.Wrapper == KnownNames.Accumulator || ClassRules.IsUnknown(parameter.Type) ? null : "an Accumulator",
        _ => throw new InvalidOperationException($"Unknown input of a method: {form.Takes}."),
    };

    private static bool IsKeyed(ParameterDeclaration parameter, string wrapper) =>
        (parameter.Wrapper == wrapper && parameter.Inner != null) || ClassRules.IsUnknown(parameter.Type);

    private static IEnumerable<DiagnosticInfo> ValidateAccess(MethodDeclaration method)
    {
        for (var i = 0; i < method.Parameters.Count; i++)
        {
            var parameter = method.Parameters[i];
            if (ClassRules.ValidateAccess(
                parameter.Wrapper == KnownNames.Output && parameter.Inner != null ? parameter.Inner : parameter.Type,
                DiagnosticAnchor.Parameter(method.Name, method.Overload, i)) is { } finding
                && parameter.Wrapper is not (KnownNames.Context or KnownNames.Accumulator))
            {
                yield return finding;
            }
        }

        if (method.Return != null
            && ClassRules.ValidateAccess(method.Return, DiagnosticAnchor.Return(method.Name, method.Overload)) is { } result)
        {
            yield return result;
        }
    }

    private static DiagnosticInfo Wrong(MethodDeclaration method, DiagnosticAnchor place, string why) =>
        new("PEN008", place, method.Form.Name, method.Name, why, method.Form.Form);
}
