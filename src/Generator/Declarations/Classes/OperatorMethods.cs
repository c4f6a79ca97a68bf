using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Finds the methods with an attribute of Penstock.</summary>
internal static class OperatorMethods
{
    private static readonly (string Attribute, MethodForm Form)[] Forms = [
        .. OperatorKinds.Methods.Select(static form => (form.Name + "Attribute", form))
    ];

    /// <summary>The methods of a class.</summary>
    public static IEnumerable<IMethodSymbol> MethodsIn(ImmutableArray<ISymbol> members) =>
        members.OfType<IMethodSymbol>().Where(static method => FormsOf(method).Any());

    /// <summary>The forms that the attributes of a method declare.</summary>
    public static IEnumerable<MethodForm> FormsOf(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && type.IsInPenstock())
            {
                foreach (var (name, form) in Forms)
                {
                    if (type.Name == name)
                    {
                        yield return form;
                    }
                }
            }
        }
    }

    /// <summary>The index of a method among those with its name.</summary>
    public static int OverloadOf(IMethodSymbol method, ImmutableArray<ISymbol> members) =>
        members.OfType<IMethodSymbol>()
            .Where(other => other.Name == method.Name)
            .TakeWhile(other => !SymbolEqualityComparer.Default.Equals(other, method))
            .Count();

    /// <summary>Why generated code cannot call a method as its form says, or null.</summary>
    public static string? FindProblem(IMethodSymbol method, MethodForm form) =>
        FindProblem(method) is { } problem && !(form.IsAwaited && method.IsAsync && !method.IsGenericMethod) ? problem : null;

    /// <summary>Why generated code cannot call a method, or null.</summary>
    public static string? FindProblem(IMethodSymbol method) =>
        method.MethodKind != MethodKind.Ordinary ? "explicitly implemented"
        : method.IsGenericMethod ? "generic"
        : method.IsAsync ? "async"
        : method.IsAbstract ? "abstract"
        : method.ReturnsByRef || method.ReturnsByRefReadonly ? "returning by reference"
        : method.IsPartialDefinition && method.PartialImplementationPart == null ? "without a body"
        : null;
}
