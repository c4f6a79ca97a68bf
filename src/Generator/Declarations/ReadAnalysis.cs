using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds which members of its row a method reads. It looks at the text alone, which is fast, and errs on one side: whatever is
/// not plainly <c>row.Member</c> counts as reading everything.
/// </summary>
internal static class ReadAnalysis
{
    public static RowReads Of(IMethodSymbol method)
    {
        if (method.Parameters.IsEmpty || method.DeclaringSyntaxReferences is not [var reference] || reference.GetSyntax() is not MethodDeclarationSyntax declaration)
        {
            return RowReads.Everything;
        }

        var body = (SyntaxNode?)declaration.Body ?? declaration.ExpressionBody;
        if (body == null)
        {
            return RowReads.Everything;
        }

        var row = method.Parameters[0];
        var members = new HashSet<string>();
        foreach (var node in body.DescendantNodes())
        {
            if (node is not IdentifierNameSyntax name || name.Identifier.ValueText != row.Name || IsNameOfSomethingElse(name))
            {
                continue;
            }

            if (name.Parent is not MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access || access.Expression != name
                || !IsStored(row.Type, access.Name.Identifier.ValueText))
            {
                return RowReads.Everything;
            }

            members.Add(access.Name.Identifier.ValueText);
        }

        return RowReads.Of(members);
    }

    /// <summary>Whether a member holds a value of its own, so that reading it reads nothing else.</summary>
    private static bool IsStored(ITypeSymbol row, string member)
    {
        for (ITypeSymbol? type = row; type != null; type = type.BaseType)
        {
            foreach (var found in type.GetMembers(member))
            {
                return found switch
                {
                    IFieldSymbol { IsConst: false, IsStatic: false } field => !HasInitializer(field),
                    IPropertySymbol { IsStatic: false, IsVirtual: false, IsOverride: false, IsAbstract: false } property => IsAutomatic(property),
                    _ => false,
                };
            }
        }

        return false;
    }

    private static bool HasInitializer(IFieldSymbol field) => field.DeclaringSyntaxReferences.Any(static reference =>
        reference.GetSyntax() is VariableDeclaratorSyntax { Initializer: not null });

    private static bool IsAutomatic(IPropertySymbol property)
    {
        foreach (var reference in property.DeclaringSyntaxReferences)
        {
            // A parameter is the declaration of a positional record's property.
            if (reference.GetSyntax() is PropertyDeclarationSyntax declaration
                && (declaration.ExpressionBody != null || declaration.Initializer != null
                    || declaration.AccessorList?.Accessors.Any(static accessor => accessor.Body != null || accessor.ExpressionBody != null) == true))
            {
                return false;
            }
        }

        return !property.DeclaringSyntaxReferences.IsEmpty
            || property.GetMethod?.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute") == true;
    }

    // The right side of x.row, the label of row: value.
    private static bool IsNameOfSomethingElse(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is NameColonSyntax
        || name.Parent is NameEqualsSyntax
        || name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression } } assignment && assignment.Left == name;
}
