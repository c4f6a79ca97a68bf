using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Words;

namespace Penstock.Generator.Authoring;

/// <summary>
/// The defaults of the options that the compiler reads. A pipeline in another assembly does not see the initializer of a property, so a
/// default of its own has to be declared by <c>[DefaultValue]</c>.
/// </summary>
internal static class ConnectorDefaults
{
    // What the compiler takes where nothing is given or declared: enums by the name of their member.
    private static readonly Dictionary<string, object?> Taken = new()
    {
        ["Format"] = null,
        ["OnBadRow"] = "Fail",
        ["Delimiter"] = ',',
        ["SplitSize"] = "16MB",
        ["RollSize"] = "256MB",
        ["MultiLine"] = true,
        ["Poll"] = null,
        ["Key"] = null,
        ["Tombstone"] = null,
        ["Changelog"] = "AppendOnly",
    };

    /// <summary>The options of a connector whose default no pipeline can see.</summary>
    /// <param name="attribute">The attribute of the connector.</param>
    public static IEnumerable<DiagnosticInfo> Validate(INamedTypeSymbol attribute)
    {
        foreach (var property in attribute.GetMembers().OfType<IPropertySymbol>())
        {
            if (!Taken.TryGetValue(property.Name, out var taken) || ExpressionOf(property) is not { } expression)
            {
                continue;
            }

            taken = property.Name == "Format" ? property.Type.IsPenstock(KnownNames.FileFormat) ? "Auto" : "Json" : taken;
            var isKnown = ValueOf(expression, out var value);
            var seen = AttributeValues.DefaultOf(property) is { } declared ? ValueOf(declared) : taken;
            var isDeclared = AttributeValues.DefaultOf(property) != null;
            if (isKnown ? !Equals(value, seen) : !isDeclared)
            {
                yield return new DiagnosticInfo(
                    "PEN553",
                    DiagnosticAnchor.Name(property.Name),
                    property.Name,
                    seen == null ? "none" : $"{seen}",
                    IsParameter(expression, attribute)
                        ? "a setter, without a parameter of the constructor"
                        : $"[System.ComponentModel.DefaultValue({expression})]");
            }
        }
    }

    // What a property has where an attribute does not set it: an initializer, or the expression of a property without a setter.
    private static ExpressionSyntax? ExpressionOf(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax declaration
            ? null
            : declaration.Initializer?.Value
                ?? declaration.ExpressionBody?.Expression
                ?? declaration.AccessorList?.Accessors.Select(static accessor => accessor.ExpressionBody?.Expression)
                    .FirstOrDefault(expression => expression != null && property.SetMethod == null);

    private static bool ValueOf(ExpressionSyntax expression, out object? value)
    {
        (var isKnown, value) = expression switch
        {
            LiteralExpressionSyntax literal => (true, literal.Token.Value),
            MemberAccessExpressionSyntax member => (true, member.Name.Identifier.ValueText),
            _ => (false, null),
        };
        return isKnown;
    }

    private static object? ValueOf(TypedConstant value) => value.Kind == TypedConstantKind.Enum
        ? value.Type!.GetMembers()
            .OfType<IFieldSymbol>()
            .FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value.Value))?.Name
        : value.Value;

    private static bool IsParameter(ExpressionSyntax expression, INamedTypeSymbol attribute) =>
        expression is IdentifierNameSyntax { Identifier.ValueText: var name }
            && attribute.InstanceConstructors.Any(constructor => constructor.Parameters.Any(parameter => parameter.Name == name));
}
