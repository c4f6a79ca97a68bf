using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds what an operator remembers behind a field that is itself never assigned again: an array, a collection or a text buffer of
/// its own, which a behaviour changes. It looks at the text of the behaviours and at the type of the field, which is fast, and errs on
/// one side: what is not plainly a change is none, because tables that are built once and only read are common.
/// </summary>
internal static class ContentAnalysis
{
    // Of the types below; whether the field's type has a method of this name is checked, because LINQ has some of these names, too.
    private static readonly HashSet<string> Mutators =
    [
        "Add", "AddAfter", "AddBefore", "AddFirst", "AddLast", "AddOrUpdate", "AddRange", "Append", "AppendFormat", "AppendJoin", "AppendLine",
        "Clear", "Dequeue", "DequeueEnqueue", "Enqueue", "EnqueueDequeue", "EnqueueRange", "ExceptWith", "GetOrAdd", "Insert", "InsertRange",
        "IntersectWith", "Pop", "Push", "PushRange", "Remove", "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast", "RemoveRange",
        "RemoveWhere", "Replace", "Reverse", "Set", "SetAll", "SetValue", "Sort", "SymmetricExceptWith", "TryAdd", "TryDequeue", "TryPop",
        "TryPopRange", "TryRemove", "TryTake", "TryUpdate", "UnionWith",
    ];

    /// <summary>The name of the first behaviour that changes the content of a field or automatic property; null when none does.</summary>
    public static string? FindChange(ISymbol member, IEnumerable<IMethodSymbol> behaviours) =>
        IsMutable(member.TypeOfMember()) && IsOwn(member)
            ? behaviours.FirstOrDefault(method => Changes(method, member))?.Name
            : null;

    // An injected service has a life of its own; what the operator creates begins empty after each start.
    private static bool IsOwn(ISymbol member) =>
        member.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() switch
        {
            VariableDeclaratorSyntax { Initializer: { } initializer } => Creates(initializer.Value),
            PropertyDeclarationSyntax { Initializer: { } initializer } => Creates(initializer.Value),
            _ => false,
        })
        || member.ContainingType.Constructors
            .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
            .Select(static reference => reference.GetSyntax())
            .OfType<ConstructorDeclarationSyntax>()
            .SelectMany(static constructor => constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>())
            .Any(assignment => Creates(assignment.Right) && NameOf(assignment.Left) == member.Name);

    private static bool Creates(ExpressionSyntax value) => value switch
    {
        BaseObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax => true,
        CollectionExpressionSyntax or InitializerExpressionSyntax => true,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } =>
            access.Name.Identifier.ValueText is "ToArray" or "ToDictionary" or "ToHashSet" or "ToList",
        _ => false,
    };

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private static bool IsMutable(ITypeSymbol? type) =>
        type is IArrayTypeSymbol
        || (type is INamedTypeSymbol { ContainingType: null }
            && type.ContainingNamespace?.ToDisplayString() is var space
            && (space is "System.Collections" or "System.Collections.Generic" or "System.Collections.Concurrent" or "System.Collections.ObjectModel"
                || (space == "System.Text" && type.Name == "StringBuilder")));

    private static bool Changes(IMethodSymbol method, ISymbol member)
    {
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is MethodDeclarationSyntax declaration && Changes(declaration, member))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Changes(MethodDeclarationSyntax method, ISymbol member)
    {
        var isHidden = method.DescendantTokens().Any(token =>
            token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == member.Name && token.Parent is not SimpleNameSyntax);
        foreach (var name in NamesIn(method, member.Name))
        {
            ExpressionSyntax? found = name.Parent is not MemberAccessExpressionSyntax access || access.Name != name ? isHidden ? null : name
                : access.Expression is ThisExpressionSyntax || NameOf(access.Expression) == member.ContainingType.Name ? access
                : null;
            if (found != null && IsChanged(found, member.TypeOfMember(), isPart: false, method))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<IdentifierNameSyntax> NamesIn(MethodDeclarationSyntax method, string name) =>
        method.DescendantNodes().OfType<IdentifierNameSyntax>().Where(node => node.Identifier.ValueText == name);

    /// <summary>Follows an expression outwards, from the field to an element or member of it, up to what is done with that.</summary>
    /// <param name="value">The field, or a part of it.</param>
    /// <param name="type">Its type, as far as the text alone tells.</param>
    /// <param name="isPart">Whether it is a part of the field's content, so that assigning it is a change.</param>
    private static bool IsChanged(ExpressionSyntax value, ITypeSymbol? type, bool isPart, MethodDeclarationSyntax method)
    {
        while (true)
        {
            switch (value.Parent)
            {
                case ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                    value = (ExpressionSyntax)value.Parent;
                    break;
                case ElementAccessExpressionSyntax element when element.Expression == value:
                    (value, type, isPart) = (element, ElementOf(type), true);
                    break;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Expression == value && call.Expression == access:
                    return IsMutable(type) && Mutators.Contains(access.Name.Identifier.ValueText) && HasMethod(type!, access.Name.Identifier.ValueText);
                case MemberAccessExpressionSyntax access when access.Expression == value:
                    (value, type, isPart) = (access, null, true);
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: 0, Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } arguments } argument:
                    return arguments.Arguments[0] == argument && ChangesItsArgument(call.Expression);
                default:
                    return isPart && IsWritten(value, type, method);
            }
        }
    }

    private static bool IsWritten(ExpressionSyntax value, ITypeSymbol? type, MethodDeclarationSyntax method) => value.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == value,
        PrefixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
        PostfixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
        ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => IsWritten(tuple, null, method),
        ArgumentSyntax argument => argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword,
        RefExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax local } } =>
            NamesIn(method, local.Identifier.ValueText).Any(name => name.SpanStart > value.Span.End && IsChanged(name, type, isPart: true, method)),
        _ => false,
    };

    private static bool ChangesItsArgument(ExpressionSyntax called) =>
        called is MemberAccessExpressionSyntax access
        && (access.Expression switch
        {
            SimpleNameSyntax name => name,
            MemberAccessExpressionSyntax qualified => qualified.Name,
            _ => null,
        })?.Identifier.ValueText is { } owner
        && (owner, access.Name.Identifier.ValueText) is
            ("Array", "Clear" or "Fill" or "Reverse" or "Sort") or ("CollectionsMarshal", "GetValueRefOrAddDefault" or "SetCount");

    private static ITypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [.., var last] } => last,
        _ => null,
    };

    private static bool HasMethod(ITypeSymbol type, string name)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (IsDeclaredIn(current))
            {
                return true;
            }
        }

        return type.TypeKind == TypeKind.Interface && type.AllInterfaces.Any(IsDeclaredIn);

        bool IsDeclaredIn(ITypeSymbol owner) => owner.GetMembers(name).Any(static member => member is IMethodSymbol { IsStatic: false });
    }
}
