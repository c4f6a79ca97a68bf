using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Distinguishes constructors that store a parameter unchanged from those that may compute with it. Only the syntax is examined; unknown
/// code may compute.
/// </summary>
internal static class ConstructorCode
{
    /// <summary>Whether a member equals a parameter after the constructor has run.</summary>
    public static bool Keeps(IMethodSymbol constructor, IParameterSymbol parameter, ISymbol member) =>
        constructor.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax() switch
        {
            TypeDeclarationSyntax type => !Changes(type, parameter.Name)
                && (SymbolEqualityComparer.Default.Equals(member.ContainingType, constructor.ContainingType)
                    ? IsMadeOf(member, parameter.Name)
                    : PassesOn(type, constructor, parameter, member)),
            ConstructorDeclarationSyntax code => SymbolEqualityComparer.Default.Equals(member.ContainingType, constructor.ContainingType)
                && Copies(code, parameter.Name, member.Name),
            _ => false,
        };

    // A positional property, or one that is initialized with the parameter.
    private static bool IsMadeOf(ISymbol member, string parameter) =>
        member.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is ParameterSyntax)
        || (RowMembers.InitializerOf(member) is { } value && IsOnly(value, parameter));

    // Only types would show which of several base constructors is called, so exactly one may have this number of parameters.
    private static bool PassesOn(TypeDeclarationSyntax type, IMethodSymbol constructor, IParameterSymbol parameter, ISymbol member)
    {
        if (type.BaseList?.Types is not [PrimaryConstructorBaseTypeSyntax { ArgumentList.Arguments: var arguments }, ..]
            || arguments.Any(static argument => argument.NameColon != null)
            || constructor.ContainingType.BaseType?.InstanceConstructors
                .Where(candidate => candidate.Parameters.Length == arguments.Count && !IsCopy(candidate))
                .ToList() is not [var called])
        {
            return false;
        }

        var index = arguments.IndexOf(argument => MemberUses.NameIn(argument.Expression) == parameter.Name);
        return index >= 0 && Keeps(called, called.Parameters[index], member);
    }

    private static bool IsCopy(IMethodSymbol constructor) => constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 1;

    // Besides copying parameters to members, a constructor may only reject them.
    private static bool Copies(ConstructorDeclarationSyntax code, string parameter, string member)
    {
        if (code.Initializer is { ArgumentList.Arguments.Count: > 0 } or { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.ThisKeyword }
            || Changes(code, parameter))
        {
            return false;
        }

        var copies = new List<ExpressionSyntax>();
        foreach (var statement in code.Body?.Statements ?? default)
        {
            if (statement is ExpressionStatementSyntax { Expression: var expression } && !IsRefusal(expression))
            {
                copies.Add(expression);
            }
            else if (!IsRefusal(statement))
            {
                return false;
            }
        }

        if (code.ExpressionBody != null)
        {
            copies.Add(code.ExpressionBody.Expression);
        }

        var values = new List<ExpressionSyntax>();
        foreach (var copy in copies)
        {
            if (PairsOf(copy) is not { } pairs)
            {
                return false;
            }

            values.AddRange(pairs.Where(pair => MemberUses.NameIn(pair.Target) == member).Select(static pair => pair.Value));
        }

        return values is [var value] && IsOnly(value, parameter);
    }

    private static IReadOnlyList<(ExpressionSyntax Target, ExpressionSyntax Value)>? PairsOf(ExpressionSyntax expression)
    {
        IReadOnlyList<(ExpressionSyntax Target, ExpressionSyntax Value)> pairs = expression switch
        {
            AssignmentExpressionSyntax
            {
                OperatorToken.ValueText: "=",
                Left: TupleExpressionSyntax left,
                Right: TupleExpressionSyntax right
            } =>
                [.. left.Arguments.Zip(right.Arguments, static (target, value) => (target.Expression, value.Expression))],
            AssignmentExpressionSyntax { OperatorToken.ValueText: "=" } assignment => [(assignment.Left, assignment.Right)],
            _ => [],
        };
        return pairs.Count > 0
            && pairs.All(static pair => MemberUses.NameIn(pair.Target) != null
                && (MemberUses.NameIn(pair.Value) ?? GivenOf(pair.Value)) != null)
            ? pairs
            : null;
    }

    private static bool IsOnly(ExpressionSyntax value, string parameter) =>
        MemberUses.NameIn(value) == parameter || GivenOf(value) == parameter;

    // name ?? throw …
    private static string? GivenOf(ExpressionSyntax value) =>
        value is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression, Right: ThrowExpressionSyntax } given
            ? MemberUses.NameIn(given.Left)
            : null;

    private static bool IsRefusal(StatementSyntax statement) => statement switch
    {
        IfStatementSyntax { Else: null } choice =>
            choice.Statement is ThrowStatementSyntax or BlockSyntax { Statements: [ThrowStatementSyntax] },
        ExpressionStatementSyntax { Expression: var expression } => IsRefusal(expression),
        _ => false,
    };

    // ArgumentNullException.ThrowIfNull(name) and similar calls.
    private static bool IsRefusal(ExpressionSyntax expression) =>
        expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } }
            && name.StartsWith("ThrowIf", StringComparison.Ordinal);

    // Whether the code may assign a parameter.
    private static bool Changes(SyntaxNode code, string parameter) => code.DescendantNodes().Any(node => node switch
    {
        AssignmentExpressionSyntax assignment => IsNamed(assignment.Left, parameter),
        PrefixUnaryExpressionSyntax { OperatorToken.ValueText: "++" or "--" or "&" } prefix => IsNamed(prefix.Operand, parameter),
        PostfixUnaryExpressionSyntax { OperatorToken.ValueText: "++" or "--" } postfix => IsNamed(postfix.Operand, parameter),
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => IsNamed(argument.Expression, parameter),
        RefExpressionSyntax reference => IsNamed(reference.Expression, parameter),
        _ => false,
    });

    // Also as an element of a tuple. A member of this with the same name is not the parameter.
    private static bool IsNamed(ExpressionSyntax target, string parameter) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == parameter,
        TupleExpressionSyntax tuple => tuple.Arguments.Any(argument => IsNamed(argument.Expression, parameter)),
        _ => false,
    };
}
