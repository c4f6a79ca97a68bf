using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>A collection, or raw JSON.</summary>
/// <param name="Type">The type of the created value.</param>
/// <param name="Item">The type of its items or values, or null.</param>
internal sealed record TreeShape(TreeKind Kind, TypeName Type, ITypeSymbol? Item);

/// <summary>Recognizes the collections that a column can hold.</summary>
internal sealed class TreeShapes(Compilation compilation)
{
    private const string Generic = "System.Collections.Generic.";

    /// <returns>Null if the type is none of them.</returns>
    public TreeShape? Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => Array(array.ElementType, array.ElementNullableAnnotation),
        INamedTypeSymbol { Name: "JsonElement" } element when NamespaceOf(element) == "System.Text.Json" =>
            new TreeShape(TreeKind.Element, TypeReader.Name(element), null),
        INamedTypeSymbol named when NamespaceOf(named) == "System.Collections.Generic" => OfGeneric(named),
        _ => null,
    };

    /// <summary>Whether the content of a type is not in its members.</summary>
    public static bool IsCollection(ITypeSymbol type) => type is IArrayTypeSymbol
        || type.AllInterfaces.Any(static contract => contract.SpecialType == SpecialType.System_Collections_IEnumerable);

    /// <summary>Whether it is a type of .NET, whose members are not meant to be read and written individually.</summary>
    public static bool IsOfSystem(ITypeSymbol type) => type is not INamedTypeSymbol named
        || named.IsTupleType
        || NamespaceOf(named) is "System"
        || NamespaceOf(named).StartsWith("System.", StringComparison.Ordinal);

    private TreeShape? OfGeneric(INamedTypeSymbol type) => (type.Name, type.TypeArguments) switch
    {
        ("IReadOnlyList" or "IReadOnlyCollection" or "IEnumerable", [var item]) => Array(item, item.NullableAnnotation),
        ("List" or "IList" or "ICollection", [var item]) => new TreeShape(TreeKind.List, Made("List`1", type), item),
        ("Dictionary" or "IDictionary" or "IReadOnlyDictionary", [{ SpecialType: SpecialType.System_String }, var item]) =>
            new TreeShape(TreeKind.Dictionary, Made("Dictionary`2", type), item),
        _ => null,
    };

    private TreeShape Array(ITypeSymbol item, NullableAnnotation annotation) =>
        new(
            TreeKind.Array,
            TypeReader.Read(compilation.CreateArrayTypeSymbol(item, 1, annotation)).Declared.WithoutNull,
            item.WithNullableAnnotation(annotation));

    private TypeName Made(string name, INamedTypeSymbol like) =>
        TypeReader
            .Read(compilation.GetTypeByMetadataName(Generic + name)!.Construct(
                like.TypeArguments,
                like.TypeArgumentNullableAnnotations)).Declared
            .WithoutNull;

    private static string NamespaceOf(INamedTypeSymbol type) =>
        type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() : "";
}
