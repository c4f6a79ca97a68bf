using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations.Origins;

/// <summary>
/// Determines which members of a row store their assigned value unchanged: no code of a constructor, getter or setter modifies it.
/// </summary>
internal static class UnmodifiedMembers
{
    /// <summary>Whether a member is a field, or a property without code.</summary>
    public static bool IsPlain(ISymbol member) => !RowLayout.MayOverlap(member.ContainingType) && member switch
    {
        IFieldSymbol { IsStatic: false } => true,
        IPropertySymbol
        {
            IsStatic: false,
            IsIndexer: false,
            IsVirtual: false,
            IsOverride: false,
            IsAbstract: false,
            IsPartialDefinition: false
        } property => property.DeclaringSyntaxReferences.IsEmpty
            ? IsMade(property.GetMethod) && (property.SetMethod == null || IsMade(property.SetMethod))
            : property.DeclaringSyntaxReferences.All(static reference => reference.GetSyntax() switch
            {
                ParameterSyntax => true,
                PropertyDeclarationSyntax { ExpressionBody: null, AccessorList.Accessors: var accessors } =>
                    accessors.All(static accessor => accessor is { Body: null, ExpressionBody: null }),
                _ => false,
            }),
        _ => false,
    };

    /// <summary>
    /// The member that stores the value of a member: itself, or the one that its getter returns unchanged; null if the value may be
    /// computed.
    /// </summary>
    public static ISymbol? StoredIn(ISymbol member) => IsPlain(member) ? member
        : member is IPropertySymbol
        {
            IsStatic: false,
            SetMethod: null,
            IsIndexer: false,
            IsVirtual: false,
            IsOverride: false,
            IsAbstract: false,
            IsPartialDefinition: false
        } property
            && ReturnedBy(property) is { } name && property.ContainingType.GetMembers(name) is [var returned] && IsPlain(
                returned) && SymbolEqualityComparer.IncludeNullability.Equals(
                returned.TypeOfMember(),
                property.Type) ? returned
        : null;

    // The name, if a getter only returns a name.
    private static string? ReturnedBy(IPropertySymbol property)
    {
        var code = property.DeclaringSyntaxReferences is not [var reference] ? null : reference.GetSyntax() switch
        {
            PropertyDeclarationSyntax { ExpressionBody.Expression: var result } => result,
            PropertyDeclarationSyntax { AccessorList.Accessors: [{ ExpressionBody.Expression: var result }] } => result,
            PropertyDeclarationSyntax
            {
                AccessorList.Accessors: [{ Body.Statements: [ReturnStatementSyntax { Expression: var result }] }],
            } => result,
            _ => null,
        };
        return code is FieldExpressionSyntax ? null : MemberUses.NameIn(code);
    }

    /// <summary>Whether a copy by <c>with</c> has the same members.</summary>
    public static bool AreCopied(
        ITypeSymbol row) => row.IsValueType || row
            is INamedTypeSymbol { IsRecord: true } record && record.InstanceConstructors.All(static constructor =>
        constructor.IsImplicitlyDeclared
            || constructor.Parameters is not [{ Type: var copied }]
            || !SymbolEqualityComparer.Default.Equals(copied, constructor.ContainingType));

    /// <summary>Whether a constructor stores a parameter in a member unchanged.</summary>
    public static bool IsStored(IMethodSymbol constructor, IParameterSymbol parameter, ISymbol member)
    {
        if (parameter is { IsParams: true }
            or { RefKind: not (RefKind.None or RefKind.In) } || !IsPlain(member) || !SymbolEqualityComparer.Default.Equals(
            parameter.Type,
            member.TypeOfMember())
            || !SymbolEqualityComparer.Default.Equals(constructor.ContainingType, member.ContainingType))
        {
            return false;
        }

        return constructor.DeclaringSyntaxReferences switch
        {
            // For another assembly, a positional record.
            [] => constructor.ContainingType.IsRecord && parameter.Name == member.Name,
            [var reference] => reference.GetSyntax() switch
            {
                ConstructorDeclarationSyntax { Initializer: null } code => IsAssigned(code, parameter.Name, member),
                TypeDeclarationSyntax => IsPositional(parameter, member),
                _ => false,
            },
            _ => false,
        };
    }

    // The property of a positional record, or one that is initialized with the parameter.
    private static bool IsPositional(
        IParameterSymbol parameter,
        ISymbol member) => member.DeclaringSyntaxReferences is [var reference] && reference.GetSyntax() switch
        {
            ParameterSyntax declared => declared.Identifier.ValueText == parameter.Name,
            PropertyDeclarationSyntax { Initializer.Value: IdentifierNameSyntax name } => name.Identifier.ValueText == parameter.Name,
            VariableDeclaratorSyntax { Initializer.Value: IdentifierNameSyntax name } => name.Identifier.ValueText == parameter.Name,
            _ => false,
        };

    // A constructor that only assigns members, one after the other.
    private static bool IsAssigned(ConstructorDeclarationSyntax constructor, string parameter, ISymbol member)
    {
        var assignments = new List<(string? Target, ExpressionSyntax Value)>();
        var statements = constructor.Body?.Statements.Select(static statement => (statement as ExpressionStatementSyntax)?.Expression)
            ?? [constructor.ExpressionBody?.Expression];
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case AssignmentExpressionSyntax
                {
                    RawKind: (int)SyntaxKind.SimpleAssignmentExpression,
                    Left: TupleExpressionSyntax targets,
                    Right: TupleExpressionSyntax values
                } when targets.Arguments.Count == values.Arguments.Count:
                    assignments.AddRange(targets.Arguments.Zip(
                        values.Arguments,
                        static (target, value) => (MemberUses.NameIn(target.Expression), value.Expression)));
                    break;
                case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment:
                    assignments.Add((MemberUses.NameIn(assignment.Left), assignment.Right));
                    break;
                default:
                    return false;
            }
        }

        // A call, or a property with code, may set other members.
        return assignments.TrueForAll(assignment => assignment is
        {
            Target: { } target, Value: IdentifierNameSyntax
            or LiteralExpressionSyntax
            or BinaryExpressionSyntax
            or InterpolatedStringExpressionSyntax
        }
                && !assignment.Value
                    .DescendantNodes()
                    .Any(static node => node is InvocationExpressionSyntax or AssignmentExpressionSyntax or ThisExpressionSyntax)
                && constructor.Parent is TypeDeclarationSyntax && member.ContainingType.GetMembers(target) is [var set] && IsPlain(set))
            && assignments
                .Where(assignment => assignment.Target == member.Name)
                .ToList() is [{ Value: IdentifierNameSyntax given }] && given.Identifier.ValueText == parameter;
    }

    private static bool IsMade(IMethodSymbol? accessor) =>
        accessor?.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute") == true;
}
