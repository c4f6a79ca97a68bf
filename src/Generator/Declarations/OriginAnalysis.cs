using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations.Rows;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds from which members of its first parameter a method makes each member of its result. It looks at the text alone, and answers only where
/// the result is plainly made at one place: <c>new(…)</c>, <c>new T(…) { … }</c> or <c>row with { … }</c>.
/// </summary>
internal static class OriginAnalysis
{
    private const string KeyOfWindow = "Key";

    /// <summary>The origins of the result; null where the text does not tell them.</summary>
    public static RowOrigins? Of(IMethodSymbol method)
    {
        if (method.Parameters.IsEmpty || method.DeclaringSyntaxReferences is not [var reference] || reference.GetSyntax() is not MethodDeclarationSyntax declaration
            || ResultOf(declaration) is not { } result)
        {
            return null;
        }

        var parameter = method.Parameters[0].Name;
        var locals = new HashSet<string>(declaration.DescendantNodes().Select(static node => node switch
        {
            VariableDeclaratorSyntax local => local.Identifier.ValueText,
            SingleVariableDesignationSyntax local => local.Identifier.ValueText,
            ForEachStatementSyntax loop => loop.Identifier.ValueText,
            _ => "",
        }));
        var isWindow = method.Parameters[0].Type.IsPenstock(KnownNames.Window);
        var key = isWindow && method.Parameters[0].Type is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol { IsTupleType: true } tuple] } ? tuple.TupleElements : [];
        MemberOrigin Origin(string member, ExpressionSyntax value)
        {
            var reads = ReadsOf(value, parameter, locals, key);
            var row = method.Parameters[0].Type;
            var made = !PureValue.IsMadeOf(value, parameter, locals, method) ? null : isWindow ? reads : CarriedMembers.StoredOf(reads, row);
            return new MemberOrigin(member, isWindow ? reads : CarriedMembers.Of(reads, row), made);
        }

        return result switch
        {
            BaseObjectCreationExpressionSyntax creation => OfCreation(creation, method.ReturnType, Origin),
            WithExpressionSyntax { Expression: IdentifierNameSyntax copied } changed when copied.Identifier.ValueText == parameter =>
                new RowOrigins(true, Assigned(changed.Initializer, Origin).ToEquatableArray()),
            _ => null,
        };
    }

    private static ExpressionSyntax? ResultOf(MethodDeclarationSyntax method)
    {
        var result = method.ExpressionBody?.Expression;
        if (method.Body != null)
        {
            var returns = method.Body.DescendantNodes().OfType<ReturnStatementSyntax>().ToList();
            result = returns.Count == 1 ? returns[0].Expression : null;
        }

        while (result is ParenthesizedExpressionSyntax inner)
        {
            result = inner.Expression;
        }

        return result;
    }

    private static RowOrigins? OfCreation(BaseObjectCreationExpressionSyntax creation, ITypeSymbol type, Func<string, ExpressionSyntax, MemberOrigin> origin)
    {
        var arguments = creation.ArgumentList?.Arguments ?? default;
        var constructors = (type as INamedTypeSymbol)?.InstanceConstructors.Where(candidate => candidate.Parameters.Length == arguments.Count).ToList() ?? [];
        if (creation is ObjectCreationExpressionSyntax { Type: var named } && LastName(named) != type.Name || arguments.Count > 0 && constructors.Count != 1 && !type.IsRecord)
        {
            return null;
        }

        var origins = new List<MemberOrigin>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i].NameColon?.Name.Identifier.ValueText ?? constructors.Select(constructor => constructor.Parameters[i].Name).Distinct().ToList() switch
            {
                [var only] => only,
                _ => null,
            };
            var member = name == null ? null : type.GetMembers().FirstOrDefault(member => member is IPropertySymbol or IFieldSymbol { IsImplicitlyDeclared: false } && string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase));
            if (member == null)
            {
                return null;
            }

            origins.Add(origin(member.Name, arguments[i].Expression));
        }

        // What is assigned behind the constructor counts, whatever that has made of the member.
        var assigned = Assigned(creation.Initializer, origin).ToList();
        return new RowOrigins(false, origins.Where(made => !assigned.Exists(later => later.Name == made.Name)).Concat(assigned).ToEquatableArray());
    }

    private static IEnumerable<MemberOrigin> Assigned(InitializerExpressionSyntax? initializer, Func<string, ExpressionSyntax, MemberOrigin> origin) =>
        (initializer?.Expressions ?? default).OfType<AssignmentExpressionSyntax>()
            .Where(static assignment => assignment.Left is IdentifierNameSyntax)
            .Select(assignment => origin(((IdentifierNameSyntax)assignment.Left).Identifier.ValueText, assignment.Right));

    // What comes by way of a local variable can come from anywhere.
    private static RowReads ReadsOf(ExpressionSyntax value, string parameter, HashSet<string> locals, ImmutableArray<IFieldSymbol> key)
    {
        var members = new List<string>();
        foreach (var name in value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText == parameter && !IsMemberName(name))
            {
                if (name.Parent is not MemberAccessExpressionSyntax access || IsMaybeExtension(access))
                {
                    return RowReads.Everything;
                }

                // A member of a key of several is a part of its own.
                var member = access.Name.Identifier.ValueText;
                var item = member == KeyOfWindow && access.Parent is MemberAccessExpressionSyntax part && part.Expression == access ? ItemOf(key, part.Name.Identifier.ValueText) : 0;
                members.Add(item == 0 ? member : WindowKey.PartOf(item));
            }
            else if (locals.Contains(name.Identifier.ValueText) && !IsMemberName(name))
            {
                return RowReads.Everything;
            }
        }

        return RowReads.Of(members);
    }

    // Which element of a tuple has a name, from 1; 0 where none has.
    private static int ItemOf(ImmutableArray<IFieldSymbol> tuple, string name)
    {
        for (var item = 1; item <= tuple.Length; item++)
        {
            if (tuple[item - 1].Name == name || $"Item{item}" == name)
            {
                return item;
            }
        }

        return 0;
    }

    // row.Method(1) is an extension method where no method of the row's own takes the argument.
    private static bool IsMaybeExtension(MemberAccessExpressionSyntax access) =>
        access.Parent is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } call && call.Expression == access;

    private static bool IsMemberName(IdentifierNameSyntax name) => PureValue.IsMemberName(name);

    private static string LastName(TypeSyntax type) => type switch
    {
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        _ => "",
    };
}
