using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>The behaviour of an operator: which methods it has, and their signatures.</summary>
internal static class MethodRules
{
    public static IEnumerable<Finding> Validate(OperatorDeclaration declaration)
    {
        if (declaration.Methods.Count == 0)
        {
            yield return new Finding("PEN006", Place.Class, declaration.Class.Name);
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
        }
    }

    private static IEnumerable<Finding> ValidateRoles(OperatorDeclaration declaration)
    {
        var kind = OperatorModels.KindOf(declaration);
        MethodDeclaration? accumulate = null;
        MethodDeclaration? fire = null;
        for (var i = 0; i < declaration.Methods.Count; i++)
        {
            var method = declaration.Methods[i];
            var taken = method.Role switch
            {
                MethodRole.Accumulate when kind == OperatorKind.Window => accumulate != null,
                MethodRole.Fire when kind == OperatorKind.Window => fire != null,
                _ => i > 0,
            };
            if (taken)
            {
                yield return new Finding("PEN007", Place.Method(method.Name, method.Overload), declaration.Class.Name, declaration.Methods[0].Name, method.Name);
            }

            accumulate ??= method.Role == MethodRole.Accumulate ? method : null;
            fire ??= method.Role == MethodRole.Fire ? method : null;
        }

        if (kind != OperatorKind.Window)
        {
            yield break;
        }

        if (accumulate == null)
        {
            yield return new Finding("PEN009", Place.Method(fire!.Name, fire.Overload), declaration.Class.Name, "[Accumulate] method", "void Add(in TRow row)");
        }

        if (fire == null)
        {
            yield return new Finding("PEN009", Place.Method(accumulate!.Name, accumulate.Overload), declaration.Class.Name, "[Fire] method", "TResult Close(in Window<TKey> window)");
        }

        if (declaration.Window == null)
        {
            var method = accumulate ?? fire!;
            yield return new Finding("PEN009", Place.Method(method.Name, method.Overload), declaration.Class.Name, "window attribute", "[TumblingWindow(\"1h\")]");
        }
    }

    private const string NoAsync = ", and operators do not wait: what is to be waited for belongs into a source, a sink, or a service that has it at hand";

    private static bool IsTask(TypeRef? type) => type != null
        && (type.Name.StartsWith("global::System.Threading.Tasks.Task", StringComparison.Ordinal) || type.Name.StartsWith("global::System.Threading.Tasks.ValueTask", StringComparison.Ordinal))
        && type.Name.Substring("global::System.Threading.Tasks.".Length).Split('<')[0] is "Task" or "ValueTask";

    private static Finding? ValidateSignature(MethodDeclaration method)
    {
        var name = Place.Method(method.Name, method.Overload);
        if (method.Obstacle != null)
        {
            return Wrong(method, name, $"it is {method.Obstacle}{(method.Obstacle == "async" ? NoAsync : "")}");
        }

        if (IsTask(method.Return))
        {
            return Wrong(method, Place.Return(method.Name, method.Overload), $"it returns a {method.Return!.ShortName}{NoAsync}");
        }

        // A type that does not exist is reported by the compiler; nothing is said of it here.
        var parameters = method.Parameters;
        var expected = ExpectedParameters(method.Role);
        var withContext = method.Role == MethodRole.Process && parameters.Count == expected + 1;
        if (parameters.Count != (withContext ? expected + 1 : expected))
        {
            return Wrong(method, name, $"it takes {parameters.Count} parameter{(parameters.Count == 1 ? "" : "s")}");
        }

        if (parameters[0].Kind is PassingKind.Ref or PassingKind.Out)
        {
            return Wrong(method, Place.Parameter(method.Name, method.Overload, 0), $"'{parameters[0].Name}' is passed by '{parameters[0].Kind.ToString().ToLowerInvariant()}'");
        }

        if (method.Role == MethodRole.Fire)
        {
            if (parameters[0] is not { Wrapper: KnownNames.Window, Inner: not null } && !ClassRules.IsUnknown(parameters[0].Type))
            {
                return Wrong(method, Place.Parameter(method.Name, method.Overload, 0), $"'{parameters[0].Name}' is no Window<TKey>");
            }
        }
        else if (parameters[0].Wrapper != null)
        {
            return Wrong(method, Place.Parameter(method.Name, method.Overload, 0), $"'{parameters[0].Name}' is no row");
        }

        if (withContext && (parameters[1] is not { Wrapper: KnownNames.Context, Kind: PassingKind.In or PassingKind.Value }) && !ClassRules.IsUnknown(parameters[1].Type))
        {
            return Wrong(method, Place.Parameter(method.Name, method.Overload, 1), $"'{parameters[1].Name}' is no 'in Context'");
        }

        var last = parameters.Count - 1;
        if (method.Role is MethodRole.FlatMap or MethodRole.Process
            && (parameters[last] is not { Wrapper: KnownNames.Output, Inner: not null, Kind: PassingKind.Ref }) && !ClassRules.IsUnknown(parameters[last].Type))
        {
            return Wrong(method, Place.Parameter(method.Name, method.Overload, last), $"'{parameters[last].Name}' is no 'ref Output<TOut>'");
        }

        return method.Role switch
        {
            MethodRole.Filter when method.Return is not { Name: "bool" } && !ClassRules.IsUnknown(method.Return) => Wrong(method, Place.Return(method.Name, method.Overload), "it does not return bool"),
            MethodRole.Map or MethodRole.Fire when method.Return == null => Wrong(method, Place.Return(method.Name, method.Overload), "it returns nothing"),
            MethodRole.FlatMap or MethodRole.Process or MethodRole.Accumulate when method.Return != null => Wrong(method, Place.Return(method.Name, method.Overload), "it returns a value"),
            _ => null,
        };
    }

    private static IEnumerable<Finding> ValidateAccess(MethodDeclaration method)
    {
        for (var i = 0; i < method.Parameters.Count; i++)
        {
            var parameter = method.Parameters[i];
            if (ClassRules.ValidateAccess(parameter.Wrapper == KnownNames.Output && parameter.Inner != null ? parameter.Inner : parameter.Type, Place.Parameter(method.Name, method.Overload, i)) is { } finding
                && parameter.Wrapper != KnownNames.Context)
            {
                yield return finding;
            }
        }

        if (method.Return != null && ClassRules.ValidateAccess(method.Return, Place.Return(method.Name, method.Overload)) is { } result)
        {
            yield return result;
        }
    }

    private static int ExpectedParameters(MethodRole role) => role is MethodRole.FlatMap or MethodRole.Process ? 2 : 1;

    private static Finding Wrong(MethodDeclaration method, Place place, string why) =>
        new("PEN008", place, method.Role.ToString(), method.Name, why, Form(method.Role));

    private static string Form(MethodRole role) => role switch
    {
        MethodRole.Map => "TOut Method(in TIn row)",
        MethodRole.Filter => "bool Method(in TRow row)",
        MethodRole.FlatMap => "void Method(in TIn row, ref Output<TOut> output)",
        MethodRole.Process => "void Method(in TIn row, in Context context, ref Output<TOut> output)",
        MethodRole.Accumulate => "void Method(in TIn row)",
        MethodRole.Fire => "TOut Method(in Window<TKey> window)",
        _ => throw new InvalidOperationException($"A role of methods is not known: {role}."),
    };
}
