using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds the members of its row that a method reads. It examines only the syntax, which is fast, and its result can be too large:
/// everything except <c>row.Member</c>, <c>row.Member?.Part</c> and <c>row.Method()</c> counts as reading the whole row.
/// <see cref="RowNeeds"/> maps members to the columns that they need.
/// </summary>
internal static class ReadAnalysis
{
    public static RowReads Of(IMethodSymbol method)
    {
        if (method.Parameters.IsEmpty
            || method.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax() is not MethodDeclarationSyntax declaration)
        {
            return RowReads.Everything;
        }

        var body = (SyntaxNode?)declaration.Body ?? declaration.ExpressionBody;
        if (body == null)
        {
            return RowReads.Everything;
        }

        var row = method.Parameters[0];
        var paths = new HashSet<string>();
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

            if (name.Parent
                is not MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access
                || access.Expression != name
                || PathOf(access) is not { } path)
            {
                return RowReads.Everything;
            }

            paths.Add(path);
        }

        return RowReads.FromPaths(paths.Select(path => HasParts(row.Type, path) ? path : path.Split('.')[0]));
    }

    // Members of a number or a string are not parts of the row.
    private static bool HasParts(ITypeSymbol row, string path)
    {
        var member = path.Split('.')[0];
        for (ITypeSymbol? type = row; type != null; type = type.BaseType)
        {
            if (type.GetMembers(member)
                .Select(static found => found.TypeOfMember())
                .FirstOrDefault(static found => found != null) is { } found)
            {
                return found.TypeKind != TypeKind.Enum
                    && ValueReader.Scalar(found) == null
                    && found.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;
            }
        }

        return false;
    }

    // A method of the object takes precedence over an extension method only if its parameters match, which is certain only without
    // parameters. A reference to a member gives access to neighbouring members.
    private static string? PathOf(MemberAccessExpressionSyntax access)
    {
        if (access.AncestorsAndSelf().TakeWhile(static node => node is ExpressionSyntax).Any(MemberUses.IsPlace))
        {
            return null;
        }

        var path = new List<string>();
        for (ExpressionSyntax? step = access; step != null; step = StepBehind(step))
        {
            switch (NameOf(step))
            {
                case null:
                    break;
                case IdentifierNameSyntax name when step.Parent is not InvocationExpressionSyntax call || call.Expression != step:
                    path.Add(name.Identifier.ValueText);
                    continue;
                case IdentifierNameSyntax name when step.Parent is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 }:
                    path.Add(name.Identifier.ValueText + "()");
                    return string.Join(".", path);
                default:
                    return path.Count == 0 ? null : string.Join(".", path);
            }
        }

        return string.Join(".", path);
    }

    private static SimpleNameSyntax? NameOf(ExpressionSyntax step) => step switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        _ => null,
    };

    // The expression that accesses a part of another expression's value: x.Part, x?.Part and x!; null if the value is used in another way.
    private static ExpressionSyntax? StepBehind(ExpressionSyntax step) => step.Parent switch
    {
        MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access when access.Expression == step =>
            access,
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => sure,
        ConditionalAccessExpressionSyntax conditional when conditional.Expression == step => FirstIn(conditional.WhenNotNull),
        _ => null,
    };

    // The expression after the first question mark of x?.A.B?.C.
    private static ExpressionSyntax? FirstIn(ExpressionSyntax? expression) => expression switch
    {
        MemberBindingExpressionSyntax binding => binding,
        MemberAccessExpressionSyntax access => FirstIn(access.Expression),
        InvocationExpressionSyntax call => FirstIn(call.Expression),
        ElementAccessExpressionSyntax element => FirstIn(element.Expression),
        ConditionalAccessExpressionSyntax conditional => FirstIn(conditional.Expression),
        PostfixUnaryExpressionSyntax sure => FirstIn(sure.Operand),
        _ => null,
    };

    // The right side of x.row, or the label in row: value.
    private static bool IsNameOfSomethingElse(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is NameColonSyntax
        || name.Parent is NameEqualsSyntax
        || name.Parent is AssignmentExpressionSyntax
        {
            Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression },
        } assignment && assignment.Left == name;
}
