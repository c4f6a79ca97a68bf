using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;

namespace Penstock.Generator.ReplaySafety;

/// <summary>Code of a method, or of an accessor of a property.</summary>
/// <param name="Name">The member that contains it.</param>
/// <param name="Type">The class that declares it.</param>
/// <param name="Body">The declaration.</param>
internal sealed record Code(string Name, INamedTypeSymbol Type, SyntaxNode Body);

/// <summary>
/// Finds the code that runs when a method of a class is called: the method itself, and all methods and properties of the class and its base
/// classes that it names, directly or indirectly.
/// </summary>
internal static class ReachableCode
{
    /// <summary>The code that the methods of an operator reach.</summary>
    public static IReadOnlyList<Code> From(INamedTypeSymbol type, IEnumerable<IMethodSymbol> roots) => Follow(type, roots);

    /// <summary>The code that the methods with a name reach.</summary>
    public static IReadOnlyList<Code> From(INamedTypeSymbol type, string method) =>
        Follow(type, Chain(type).SelectMany(current => current.GetMembers(method)).OfType<IMethodSymbol>());

    /// <summary>A class and its base classes, except object.</summary>
    public static IEnumerable<INamedTypeSymbol> Chain(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current =
            current.BaseType)
        {
            yield return current;
        }
    }

    private static List<Code> Follow(INamedTypeSymbol type, IEnumerable<ISymbol> roots)
    {
        var byName = Chain(type).SelectMany(static current => current.GetMembers())
            .Where(static member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol
                && !member.IsImplicitlyDeclared)
            .ToLookup(static member => member.Name);
        var found = new List<Code>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var waiting = new Queue<ISymbol>(roots);
        while (waiting.Count > 0)
        {
            var member = waiting.Dequeue();
            if (!seen.Add(member))
            {
                continue;
            }

            foreach (var body in BodiesOf(member))
            {
                found.Add(new Code(member.Name, member.ContainingType, body));
                foreach (var name in body.DescendantNodes()
                    .OfType<SimpleNameSyntax>()
                    .Where(IsOwnMember)
                    .Select(static name => name.Identifier.ValueText)
                    .Distinct())
                {
                    byName[name].ToList().ForEach(waiting.Enqueue);
                }
            }
        }

        return found;
    }

    private static IEnumerable<SyntaxNode> BodiesOf(ISymbol member) =>
        (member is IMethodSymbol method ? method.PartialImplementationPart ?? method : member).DeclaringSyntaxReferences
            .Where(static reference => !Symbols.IsGenerated(reference))
            .Select(static reference => reference.GetSyntax())
            .Where(static syntax => syntax is MethodDeclarationSyntax or PropertyDeclarationSyntax);

    private static bool IsOwnMember(SimpleNameSyntax name) =>
        name.Parent is not MemberAccessExpressionSyntax access
            || access.Name != name
            || access.Expression is ThisExpressionSyntax or BaseExpressionSyntax or IdentifierNameSyntax;
}
