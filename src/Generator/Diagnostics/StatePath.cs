using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.Diagnostics;

/// <summary>Finds members of types in a state by a path such as <c>Trades[].Price</c>, which begins with the state.</summary>
internal static class StatePath
{
    /// <summary>
    /// The location of the member at the end of a path; if it is not in this compilation, that of the nearest one before it.
    /// </summary>
    public static Location? Find(ISymbol? state, string path)
    {
        var found = state;
        var type = TypeOf(state);
        foreach (var step in path.Split('.').Skip(1))
        {
            var name = step.Replace("[]", "");
            var (next, member) = Inside(type, name);
            type = next;
            found = member is { DeclaringSyntaxReferences.Length: > 0 } ? member : found;
        }

        return NameOf(found);
    }

    private static (ITypeSymbol? Type, ISymbol? Member) Inside(ITypeSymbol? type, string name)
    {
        if (Element(type) is not INamedTypeSymbol named)
        {
            return default;
        }

        if (name == "Value" && named.IsInPenstock())
        {
            // The content of a state of another kind.
            return (named.TypeArguments[named.Name == KnownNames.MapState ? 1 : 0], null);
        }

        if (name is "Keys" or "Values" && named.TypeArguments.Length == 2)
        {
            return (named.TypeArguments[name == "Keys" ? 0 : 1], null);
        }

        for (ITypeSymbol? current = Element(named); current != null; current = current.BaseType)
        {
            if (current.GetMembers(name).FirstOrDefault(static member => member is IPropertySymbol or IFieldSymbol) is { } member)
            {
                return (TypeOf(member), member);
            }
        }

        return default;
    }

    // The elements of arrays, lists, sets and nullables.
    private static ITypeSymbol? Element(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => Element(array.ElementType),
        INamedTypeSymbol { IsTupleType: false, TypeArguments: [var only] } named
            when named.ContainingNamespace?.ToDisplayString() is "System"
                or "System.Collections.Generic"
                or "System.Collections.Immutable" =>
            Element(only),
        _ => type,
    };

    private static ITypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        IPropertySymbol property => property.Type,
        IFieldSymbol field => field.Type,
        _ => null,
    };

    private static Location? NameOf(ISymbol? symbol) => symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        PropertyDeclarationSyntax property => property.Identifier.GetLocation(),
        ParameterSyntax parameter => parameter.Identifier.GetLocation(),
        VariableDeclaratorSyntax field => field.Identifier.GetLocation(),
        _ => null,
    };
}
