using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.ReplaySafety;

/// <summary>
/// Determines whether code changes the content of a field: an element of an array or a collection, a member of an object, or an object
/// through one of its methods. It examines the syntax of the code and the types of fields, which is fast. Only obvious changes count,
/// because tables that are built once and then only read are common.
/// </summary>
internal static class MutationAnalysis
{
    // Methods of the types below. The type of the field is also checked, because LINQ has methods with some of these names.
    private static readonly HashSet<string> Mutators =
    [
        "Add", "AddAfter", "AddBefore", "AddFirst", "AddLast", "AddOrUpdate", "AddRange", "Append", "AppendFormat", "AppendJoin",
        "AppendLine",
        "Clear", "Dequeue", "DequeueEnqueue", "Enqueue", "EnqueueDequeue", "EnqueueRange", "ExceptWith", "GetOrAdd", "Insert",
        "InsertRange",
        "IntersectWith", "Pop", "Push", "PushRange", "Remove", "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast", "RemoveRange",
        "RemoveWhere", "Replace", "Reverse", "Set", "SetAll", "SetValue", "Sort", "SymmetricExceptWith", "TryAdd", "TryDequeue", "TryPop",
        "TryPopRange", "TryRemove", "TryTake", "TryUpdate", "UnionWith",
    ];

    /// <summary>The first code that changes the content of a field or automatic property; null if there is none.</summary>
    public static Code? FindChange(ISymbol member, IEnumerable<Code> reached)
    {
        var calls = new HashSet<(INamedTypeSymbol, string)>();
        return reached.FirstOrDefault(code => Changes(code.Body, member, isPart: false, calls));
    }

    /// <summary>The first code that assigns a parameter of the primary constructor of a class.</summary>
    public static Code? FindAssignment(IParameterSymbol parameter, IEnumerable<Code> reached) =>
        reached.FirstOrDefault(code => !IsHidden(code.Body, parameter.Name)
            && NamesIn(code.Body, parameter.Name).Any(name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name
                ? IsWritten(name, parameter.Type, code.Body, [])
                : false));

    private static bool IsCollection(ITypeSymbol? type)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (current is IArrayTypeSymbol
                || (current is INamedTypeSymbol { ContainingType: null }
                    && current.ContainingNamespace?.ToDisplayString() is var space
                    && (space is "System.Collections"
                        or "System.Collections.Generic"
                        or "System.Collections.Concurrent"
                        or "System.Collections.ObjectModel"
                        || (space == "System.Text" && current.Name == "StringBuilder"))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Changes(SyntaxNode body, ISymbol member, bool isPart, HashSet<(INamedTypeSymbol Type, string Method)> calls)
    {
        var isHidden = IsHidden(body, member.Name);
        foreach (var name in NamesIn(body, member.Name))
        {
            ExpressionSyntax? found = name.Parent is not MemberAccessExpressionSyntax access || access.Name != name ? isHidden ? null : name
                : access.Expression is ThisExpressionSyntax or BaseExpressionSyntax
                    || NameOf(access.Expression) == member.ContainingType.Name ? access
                : null;
            if (found != null && IsChanged(found, member.TypeOfMember(), isPart, body, calls))
            {
                return true;
            }
        }

        return false;
    }

    private static string? NameOf(ExpressionSyntax target) => target is IdentifierNameSyntax name ? name.Identifier.ValueText : null;

    private static bool IsHidden(SyntaxNode body, string name) =>
        body
            .DescendantTokens()
            .Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name && token.Parent is not SimpleNameSyntax);

    private static IEnumerable<IdentifierNameSyntax> NamesIn(SyntaxNode body, string name) =>
        body.DescendantNodes().OfType<IdentifierNameSyntax>().Where(node => node.Identifier.ValueText == name);

    /// <summary>Follows an expression outwards, from the field to its elements or members, up to the operation on them.</summary>
    /// <param name="value">The field, or a part of it.</param>
    /// <param name="type">Its type, as far as the syntax shows it.</param>
    /// <param name="isPart">Whether it is part of the field's content, so that assigning it is a change.</param>
    private static bool IsChanged(
        ExpressionSyntax value,
        ITypeSymbol? type,
        bool isPart,
        SyntaxNode body,
        HashSet<(INamedTypeSymbol Type, string Method)> calls)
    {
        while (true)
        {
            switch (value.Parent)
            {
                case ParenthesizedExpressionSyntax
                    or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                    value = (ExpressionSyntax)value.Parent;
                    break;
                case ElementAccessExpressionSyntax element when element.Expression == value:
                    (value, type, isPart) = (element, ElementOf(type), true);
                    break;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Expression == value
                    && call.Expression == access:
                    return ChangesItself(type, access.Name.Identifier.ValueText, value is ElementAccessExpressionSyntax, calls);
                case MemberAccessExpressionSyntax access when access.Expression == value:
                    (value, type, isPart) = (access, MemberOf(type, access.Name.Identifier.ValueText).TypeOfMember(), true);
                    break;
                case ConditionalAccessExpressionSyntax
                {
                    WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax called },
                } conditional
                    when conditional.Expression == value:
                    return ChangesItself(type, called.Name.Identifier.ValueText, isElement: false, calls);
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax alias } when type is { IsReferenceType: true }:
                    return NamesIn(body, alias.Identifier.ValueText).Any(name => name.SpanStart > alias.Span.End
                        && IsChanged(name, type, isPart: false, body, calls));
                case ForEachStatementSyntax loop when loop.Expression == value && ElementOf(type) is { IsReferenceType: true } element:
                    return NamesIn(
                        loop.Statement,
                        loop.Identifier.ValueText).Any(name => IsChanged(name, element, isPart: false, body, calls));
                case ArgumentSyntax
                {
                    RefKindKeyword.RawKind: 0,
                    Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } arguments
                } argument:
                    return (arguments.Arguments[0] == argument && ChangesItsArgument(call.Expression))
                        || ChangesArgumentOfOwnMethod(call, arguments.Arguments.IndexOf(argument));
                default:
                    return isPart && IsWritten(value, type, body, calls);
            }
        }
    }

    private static bool IsWritten(
        ExpressionSyntax value,
        ITypeSymbol? type,
        SyntaxNode body,
        HashSet<(INamedTypeSymbol Type, string Method)> calls) => value.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == value,
            PrefixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
            PostfixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => IsWritten(tuple, null, body, calls),
            ArgumentSyntax argument => argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword,
            RefExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax local } } =>
                NamesIn(body, local.Identifier.ValueText).Any(name => name.SpanStart > value.Span.End
                    && IsChanged(name, type, isPart: true, body, calls)),
            _ => false,
        };

    // A method of a class of the user changes its object if it assigns a field or changes the content of one.
    private static bool ChangesItself(
        ITypeSymbol? type,
        string method,
        bool isElement,
        HashSet<(INamedTypeSymbol Type, string Method)> calls)
    {
        if (IsCollection(type) && Mutators.Contains(method) && HasMethod(type!, method))
        {
            return true;
        }

        // A method call on a struct in a readonly field changes only a copy.
        if (type is not INamedTypeSymbol named || (type.IsValueType && !isElement) || !calls.Add((named, method)))
        {
            return false;
        }

        var reached = ReachableCode.From(named, method);
        return reached.Count > 0 && FieldsOf(named).Any(field => reached.Any(code => Changes(code.Body, field, isPart: true, calls)));
    }

    private static bool ChangesArgumentOfOwnMethod(InvocationExpressionSyntax call, int index) =>
        call.Expression is IdentifierNameSyntax called
        && call.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type
        && type.Members.OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.ValueText == called.Identifier.ValueText
            && method.ParameterList.Parameters.ElementAtOrDefault(index) is { } parameter
            && NamesIn(method, parameter.Identifier.ValueText).Any(name => IsChangedByCall(name)));

    // Parameters have no symbols here, so only the name of the method decides.
    private static bool IsChangedByCall(IdentifierNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access =>
            access.Expression == name && Mutators.Contains(access.Name.Identifier.ValueText),
        ElementAccessExpressionSyntax element => element.Expression == name && IsWritten(element, null, element, []),
        _ => false,
    };

    private static IEnumerable<ISymbol> FieldsOf(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            foreach (var field in current.GetMembers()
                .OfType<IFieldSymbol>()
                .Where(static field => !field.IsConst && field.Attribute(KnownNames.Transient) == null))
            {
                yield return field.AssociatedSymbol ?? field;
            }
        }
    }

    private static ISymbol? MemberOf(ITypeSymbol? type, string name)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (current.GetMembers(name).FirstOrDefault(static member => member is IFieldSymbol or IPropertySymbol) is { } member)
            {
                return member;
            }
        }

        return null;
    }

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
