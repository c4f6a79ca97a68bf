using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// The arguments of an attribute by name. An argument that does not compile is read from the syntax, so that messages can mention it.
/// </summary>
internal static class AttributeValues
{
    /// <summary>
    /// The value of a constructor parameter or a property. If it is not set, the default that the property declares with
    /// <c>[DefaultValue]</c>; null if there is none, or if the value does not compile.
    /// </summary>
    public static TypedConstant? Value(this AttributeData attribute, string name)
    {
        foreach (var named in attribute.NamedArguments)
        {
            if (named.Key == name)
            {
                return named.Value;
            }
        }

        var position = Position(attribute, name);
        return position >= 0 && position < attribute.ConstructorArguments.Length
            ? attribute.ConstructorArguments[position]
            : DefaultOf(attribute.AttributeClass?.Member(name));
    }

    /// <summary>
    /// The default that a property declares with <c>[DefaultValue]</c>; its initializer is not visible in other assemblies.
    /// </summary>
    public static TypedConstant? DefaultOf(ISymbol? property) => property?.GetAttributes()
        .Where(static attribute => attribute.AttributeClass?.ToDisplayString() == "System.ComponentModel.DefaultValueAttribute")
        .Select(static attribute => attribute.ConstructorArguments is [var value] ? value : (TypedConstant?)null)
        .FirstOrDefault();

    /// <summary>Whether the constructor that is called has a parameter of this name.</summary>
    public static bool HasParameter(this AttributeData attribute, string name) => Position(attribute, name) >= 0;

    /// <summary>Whether users of the attribute can set a property.</summary>
    public static bool CanSet(this AttributeData attribute, string name) =>
        attribute.AttributeClass?.Member(name) is IPropertySymbol { SetMethod.DeclaredAccessibility: Accessibility.Public };

    /// <summary>The value of a constructor parameter or a property; null if it is not set or not a string.</summary>
    public static string? Text(this AttributeData attribute, string name) =>
        attribute.Value(name) is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : TextOf(attribute.Syntax(name));

    /// <summary>The value of a constructor parameter or a property; null if it is not set, and empty if it is not a string.</summary>
    public static string? OptionalText(this AttributeData attribute, string name) =>
        attribute.IsGiven(name) ? attribute.Text(name) ?? "" : DefaultOf(attribute.AttributeClass?.Member(name))?.Value as string;

    /// <summary>
    /// The value of a constructor parameter or a property as text, also of a number or an enum; empty where it is no constant.
    /// </summary>
    public static string ConstantText(this AttributeData attribute, string name) =>
        attribute.Value(name) is { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Value: { } value and not string }
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : attribute.Text(name) ?? "";

    public static T? Scalar<T>(this AttributeData attribute, string name)
        where T : struct =>
            attribute.Value(name) is { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Value: T value } ? value : null;

    // A property of the class or of one that it derives from.
    private static ISymbol? Member(this INamedTypeSymbol type, string name)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (current.GetMembers(name).FirstOrDefault() is { } member)
            {
                return member;
            }
        }

        return null;
    }

    public static bool IsGiven(this AttributeData attribute, string name) => attribute.Syntax(name) != null;

    /// <summary>The strings of a parameter array, or of a parameter for one string.</summary>
    public static IReadOnlyList<string> Texts(this AttributeData attribute, string name)
    {
        if (attribute.Value(name) is { Kind: TypedConstantKind.Primitive, Value: string one })
        {
            return [one];
        }

        if (attribute.Value(name) is { Kind: TypedConstantKind.Array, IsNull: false } array
            && array.Values.All(static value => value.Value is string))
        {
            return [.. array.Values.Select(static value => (string)value.Value!)];
        }

        return [.. Elements(attribute).Select(static expression => TextOf(expression) ?? "")];
    }

    /// <summary>The strings of a parameter array after other parameters. Values that are not strings are empty.</summary>
    public static IEnumerable<string> RestTexts(this AttributeData attribute, string name) =>
        attribute.Value(name) is { Kind: TypedConstantKind.Array, IsNull: false } array
            ? array.Values.Select(static value => value.Value as string ?? "")
            : [];

    /// <summary>The expression of a constructor parameter or a property.</summary>
    public static ExpressionSyntax? Syntax(this AttributeData attribute, string name)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax { ArgumentList.Arguments: var arguments })
        {
            return null;
        }

        var position = Position(attribute, name);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var given = argument.NameEquals?.Name.Identifier.ValueText ?? argument.NameColon?.Name.Identifier.ValueText;
            if (given != null
                ? string.Equals(given, name, argument.NameColon != null ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
                : i == position)
            {
                return argument.Expression;
            }
        }

        return null;
    }

    /// <summary>The expressions of an attribute with a single array parameter.</summary>
    public static IReadOnlyList<ExpressionSyntax> Elements(AttributeData attribute)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax { ArgumentList.Arguments: var arguments })
        {
            return [];
        }

        var positional = arguments.Where(static argument => argument.NameEquals == null)
            .Select(static argument => argument.Expression)
            .ToList();
        return positional is [var one] ? Items(one) ?? positional : positional;
    }

    private static IReadOnlyList<ExpressionSyntax>? Items(ExpressionSyntax expression) => expression switch
    {
        ArrayCreationExpressionSyntax { Initializer.Expressions: var items } => items,
        ImplicitArrayCreationExpressionSyntax { Initializer.Expressions: var items } => items,
        CollectionExpressionSyntax collection =>
            [.. collection.Elements.OfType<ExpressionElementSyntax>().Select(static element => element.Expression)],
        _ => null,
    };

    private static int Position(AttributeData attribute, string name)
    {
        var constructor = attribute.AttributeConstructor
            ?? attribute.AttributeClass?.InstanceConstructors.FirstOrDefault(static constructor => constructor.Parameters.Length > 0);
        return constructor?.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Ordinal ?? -1;
    }

    private static string? TextOf(ExpressionSyntax? expression) => expression switch
    {
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression) => literal.Token.ValueText,
        InvocationExpressionSyntax
        {
            Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" },
            ArgumentList.Arguments: [var named]
        } =>
            LastName(named.Expression),
        _ => null,
    };

    private static string? LastName(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
