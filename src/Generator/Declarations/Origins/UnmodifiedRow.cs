using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>Determines whether a method leaves its row unchanged. Its code shows this if it only reads members of the row.</summary>
internal static class UnmodifiedRow
{
    public static bool IsUnchanged(IParameterSymbol row, MethodDeclarationSyntax method, ExpressionSyntax result) =>
        row is { RefKind: RefKind.In or RefKind.RefReadOnlyParameter, Type.IsValueType: true }
        || ((SyntaxNode?)method.Body ?? method.ExpressionBody)!.DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == row.Name)
            .All(name => name == result || IsRead(name));

    private static bool IsRead(IdentifierNameSyntax row) => row.Parent switch
    {
        // The name refers to something else.
        MemberAccessExpressionSyntax access when access.Name == row => true,
        NameColonSyntax or NameEqualsSyntax or MemberBindingExpressionSyntax => true,
        MemberAccessExpressionSyntax access => !IsCalledOrWritten(access),
        WithExpressionSyntax copied => copied.Expression == row,
        _ => false,
    };

    private static bool IsCalledOrWritten(ExpressionSyntax member) => member.Parent switch
    {
        InvocationExpressionSyntax call => call.Expression == member,
        AssignmentExpressionSyntax assignment => assignment.Left == member,
        ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax assignment } tuple } =>
            assignment.Left == tuple,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        RefExpressionSyntax => true,
        PrefixUnaryExpressionSyntax prefix =>
            prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
        PostfixUnaryExpressionSyntax postfix => !postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression),
        _ => false,
    };
}
