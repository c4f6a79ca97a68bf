using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>
/// Finds members of rows that always have their default: automatic properties that neither a reader can set nor code of the type sets. A member that its
/// own code computes, by an initializer, in a constructor or in a method, is none of these.
/// </summary>
internal static class UnsetMembers
{
    public static ISymbol? Find(ITypeSymbol type, RowShape shape, Compilation compilation, ISymbol within)
    {
        if (type is not INamedTypeSymbol row || shape.Construction == null)
        {
            return null;
        }

        var members = new RowMembers(row);
        if (!members.IsInSource)
        {
            return null;
        }

        var columns = new HashSet<ISymbol>(shape.Columns.Select(static column => column.Member), SymbolEqualityComparer.Default);
        HashSet<string>? assigned = null;
        return row.ReadableMembers(compilation, within)
            .OfType<IPropertySymbol>()
            .Where(property => property.DeclaredAccessibility == Accessibility.Public && !columns.Contains(property) && IsClosed(property))
            .FirstOrDefault(property => !(assigned ??= Assigned(members, shape.Constructor)).Contains(property.Name));
    }

    // An automatic property without initializer that no code outside of the type can set.
    private static bool IsClosed(IPropertySymbol property) =>
        property is { IsAbstract: false, IsVirtual: false, IsOverride: false, SetMethod: null or { DeclaredAccessibility: Accessibility.Private } }
        && property.Attribute(KnownNames.Column)?.Scalar<bool>("Ignore") != true
        && property.DeclaringSyntaxReferences is [var reference]
        && reference.GetSyntax() is PropertyDeclarationSyntax { ExpressionBody: null, Initializer: null, AccessorList.Accessors: var accessors }
        && accessors.All(static accessor => accessor.Body == null && accessor.ExpressionBody == null)
        && property.ContainingType.GetMembers().Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    // The names that code of the types assigns, by reference or directly; not in constructors that the reader does not call.
    private static HashSet<string> Assigned(RowMembers members, IMethodSymbol? constructor)
    {
        var names = new HashSet<string>();
        foreach (var node in members.Types.SelectMany(static type => type.DeclaringSyntaxReferences).SelectMany(static reference => reference.GetSyntax().DescendantNodes()))
        {
            var targets = node switch
            {
                AssignmentExpressionSyntax { Left: TupleExpressionSyntax tuple } => tuple.Arguments.Select(static argument => argument.Expression),
                AssignmentExpressionSyntax assignment => [assignment.Left],
                PrefixUnaryExpressionSyntax { OperatorToken.ValueText: "++" or "--" } prefix => [prefix.Operand],
                PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "++" or "--" } postfix => [postfix.Operand],
                _ => Enumerable.Empty<ExpressionSyntax>(),
            };
            names.UnionWith(targets.Where(target => !IsElsewhere(target, constructor)).Select(NameOf).OfType<string>());
        }

        return names;
    }

    // Of whatever object: a method of the type may set the member of a copy.
    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };

    // A constructor that others call by 'this' may run.
    private static bool IsElsewhere(SyntaxNode code, IMethodSymbol? constructor) =>
        code.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is { ParameterList.Parameters.Count: > 0 } other
        && constructor?.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() == other) != true
        && other.Parent is TypeDeclarationSyntax type
        && !type.Members.OfType<ConstructorDeclarationSyntax>().Any(static candidate => candidate.Initializer != null);
}
