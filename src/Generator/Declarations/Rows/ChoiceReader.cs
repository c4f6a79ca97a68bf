using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>A type with a type discriminator.</summary>
/// <param name="Variants">The types, each with its discriminator: a string or a number; null if it has none.</param>
internal sealed record ChoiceShape(
    string Name,
    IReadOnlyList<(INamedTypeSymbol Type, object? Value)> Variants,
    bool IgnoresUnknown,
    UnknownVariant Unknown);

/// <summary>Reads <c>[JsonPolymorphic]</c> and <c>[JsonDerivedType]</c> of System.Text.Json.</summary>
internal static class ChoiceReader
{
    private const string DefaultName = "$type";

    /// <returns>Null if the type has no discriminator.</returns>
    public static ChoiceShape? Read(ITypeSymbol type)
    {
        var variants = type.GetAttributes().Where(static attribute => IsJson(attribute, "JsonDerivedTypeAttribute"))
            .Select(static attribute => attribute.ConstructorArguments)
            .Where(static arguments => arguments is [{ Value: INamedTypeSymbol }, ..])
            .Select(static arguments => ((INamedTypeSymbol)arguments[0].Value!, arguments.Length > 1 ? arguments[1].Value : null))
            .ToList();
        if (variants.Count == 0)
        {
            return null;
        }

        var settings = type.GetAttributes().FirstOrDefault(static attribute => IsJson(attribute, "JsonPolymorphicAttribute"));
        return new ChoiceShape(
            settings?.Text("TypeDiscriminatorPropertyName") ?? DefaultName,
            variants,
            settings?.Scalar<bool>("IgnoreUnrecognizedTypeDiscriminators") == true,
            (UnknownVariant)(settings?.Scalar<int>("UnknownDerivedTypeHandling") ?? 0));
    }

    /// <summary>What is wrong with it, as the end of a sentence; null if it is valid.</summary>
    public static string? FindProblem(ITypeSymbol type, ChoiceShape choice)
    {
        var stranger = choice.Variants.FirstOrDefault(variant => !IsOrDerives(variant.Type, type)).Type;
        var twice = choice.Variants.Where(static variant => variant.Value != null)
            .GroupBy(static variant => variant.Value)
            .FirstOrDefault(static group => group.Count() > 1)?.Key;
        return stranger != null ? $", whose [JsonDerivedType] names {stranger.Name}, which does not derive from it"
            : twice != null ? $", two of whose [JsonDerivedType] have the discriminator {twice}"
            : null;
    }

    private static bool IsOrDerives(INamedTypeSymbol type, ITypeSymbol from)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, from))
            {
                return true;
            }
        }

        return type.AllInterfaces.Contains(from, SymbolEqualityComparer.Default);
    }

    private static bool IsJson(AttributeData attribute, string name) =>
        attribute.AttributeClass is
        {
            ContainingNamespace:
            {
                Name: "Serialization",
                ContainingNamespace: { Name: "Json", ContainingNamespace.Name: "Text" }
            }
        } type
            && type.Name == name;
}
