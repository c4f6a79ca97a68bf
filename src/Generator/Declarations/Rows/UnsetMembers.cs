using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>
/// Finds members of rows that always have their default value: automatic properties that neither a reader nor code of the type can set.
/// Members that the type computes in an initializer, a constructor or a method are excluded.
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
        if (!members.IsInSource || members.Types.Any(LacksBodies))
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

    // Bodies that another generator has yet to write may set any member.
    private static bool LacksBodies(INamedTypeSymbol type) => type.GetMembers().Any(static member => member
        is IPropertySymbol { IsPartialDefinition: true, PartialImplementationPart: null }
        or IMethodSymbol { MethodKind: MethodKind.Constructor, IsPartialDefinition: true, PartialImplementationPart: null });

    // An automatic property without an initializer that only code of the type can set. A partial property has code, in its other part.
    private static bool IsClosed(IPropertySymbol property) =>
        property is
        {
            IsAbstract: false, IsVirtual: false, IsOverride: false, IsPartialDefinition: false, SetMethod: null
            or { DeclaredAccessibility: Accessibility.Private }
        }
        && !RowShape.IsIgnored(property)
        && property.DeclaringSyntaxReferences is [var reference]
        && reference.GetSyntax() is PropertyDeclarationSyntax
        {
            ExpressionBody: null,
            Initializer: null,
            AccessorList.Accessors: var accessors
        }
        && accessors.All(static accessor => accessor.Body == null && accessor.ExpressionBody == null)
        && property.ContainingType
            .GetMembers()
            .Any(member => member is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    // The names that code of the types assigns, in any part; except in constructors that the reader does not call.
    private static HashSet<string> Assigned(RowMembers members, IMethodSymbol? constructor)
    {
        var others = OtherConstructors(members.Types[0], constructor);
        return [.. members.Types
            .SelectMany(static type => type.DeclaringSyntaxReferences)
            .SelectMany(reference => reference.GetSyntax().DescendantNodes(node => !others.Contains(node)))
            .SelectMany(static node => node switch
            {
                AssignmentExpressionSyntax assignment => NamesOf(assignment.Left),
                PrefixUnaryExpressionSyntax { OperatorToken.ValueText: "++" or "--" } prefix => NamesOf(prefix.Operand),
                PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "++" or "--" } postfix => NamesOf(postfix.Operand),
                _ => [],
            })];
    }

    // On any object: a method of the type may set the member of a copy.
    private static IEnumerable<string> NamesOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => [name.Identifier.ValueText],
        MemberAccessExpressionSyntax access => [access.Name.Identifier.ValueText],
        MemberBindingExpressionSyntax binding => [binding.Name.Identifier.ValueText],
        ConditionalAccessExpressionSyntax conditional => NamesOf(conditional.WhenNotNull),
        ParenthesizedExpressionSyntax parenthesized => NamesOf(parenthesized.Expression),
        TupleExpressionSyntax tuple => tuple.Arguments.SelectMany(static argument => NamesOf(argument.Expression)),
        _ => [],
    };

    // The constructors of a row that do not run when it is read. A constructor that is called with 'this' may run; those of base types do
    // run.
    private static HashSet<SyntaxNode> OtherConstructors(INamedTypeSymbol row, IMethodSymbol? constructor)
    {
        var called = constructor == null ? [] : PartsOf(constructor).ToList();
        var all = row.InstanceConstructors.SelectMany(PartsOf).OfType<ConstructorDeclarationSyntax>().ToList();
        return all.Any(static code => code.Initializer is { ThisOrBaseKeyword.ValueText: "this" })
            ? []
            : [.. all.Where(code => code.ParameterList.Parameters.Count > 0 && !called.Contains(code))];
    }

    // The body of a partial constructor is in its other part.
    private static IEnumerable<SyntaxNode> PartsOf(IMethodSymbol constructor) =>
        new[] { constructor, constructor.PartialDefinitionPart, constructor.PartialImplementationPart }
            .SelectMany(static part => part?.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()) ?? []);
}
