using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>
/// Finds which members of its row a method reads. It looks at the text alone, which is fast, and errs on one side: whatever is
/// not plainly <c>row.Member</c> or <c>row.Method()</c> counts as reading everything. Which columns a member needs is the row's to
/// say (<see cref="RowNeeds"/>).
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
            if (node is SimpleNameSyntax any && MemberUses.ReachesBeyondFields(any))
            {
                return RowReads.Everything;
            }

            if (node is not IdentifierNameSyntax name || name.Identifier.ValueText != row.Name || IsNameOfSomethingElse(name))
            {
                continue;
            }

            if (name.Parent is not MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access || access.Expression != name
                || MemberOf(access) is not { } member)
            {
                return RowReads.Everything;
            }

            members.Add(member);
        }

        return RowReads.Of(members);
    }

    // A method of the row's own wins over an extension only where its parameters fit, which is sure where there are none. A reference to a
    // member leads to those beside it.
    private static string? MemberOf(MemberAccessExpressionSyntax access) =>
        access.Name is not IdentifierNameSyntax name || access.AncestorsAndSelf().TakeWhile(static node => node is ExpressionSyntax).Any(MemberUses.IsPlace) ? null
        : access.Parent is not InvocationExpressionSyntax call || call.Expression != access ? name.Identifier.ValueText
        : call.ArgumentList.Arguments.Count == 0 ? name.Identifier.ValueText + "()"
        : null;

    // The right side of x.row, the label of row: value.
    private static bool IsNameOfSomethingElse(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is NameColonSyntax
        || name.Parent is NameEqualsSyntax
        || name.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression } } assignment && assignment.Left == name;
}
