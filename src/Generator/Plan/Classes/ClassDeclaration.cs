using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A class that carries one of Penstock's attributes.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The name, without escaping.</param>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="HintName">The stem of the names of generated files.</param>
/// <param name="Keyword"><c>class</c> or <c>record</c>.</param>
/// <param name="Parameters">The names of its type parameters.</param>
/// <param name="Containing">The types around it, from outside.</param>
/// <param name="IsPartial">Whether it can be extended.</param>
/// <param name="Obstacle">Why the generator cannot extend or create it, or null.</param>
/// <param name="Access">From where it can be named.</param>
internal sealed record ClassDeclaration(
    TypeName Type,
    string Name,
    string Namespace,
    string HintName,
    string Keyword,
    EquatableArray<string> Parameters,
    EquatableArray<ContainingType> Containing,
    bool IsPartial,
    string? Obstacle,
    TypeAccess Access)
{
    /// <summary>The obstacle that the type is a struct.</summary>
    public const string Struct = "a struct";

    /// <summary>The obstacle that the type is an interface.</summary>
    public const string Interface = "an interface";

    /// <summary>
    /// The partial properties that are the generator's to write, although nothing says what: an attribute is missing, or stands in the
    /// wrong class.
    /// </summary>
    public EquatableArray<BodilessProperty> Bodiless { get; init; } = EquatableArray<BodilessProperty>.Empty;

    /// <summary>Whether a partial property gets no body, because a second part of it could not be right.</summary>
    public bool LacksBodies { get; init; }

    /// <summary>Whether there can be a second part. Of a file-local class it would be another class.</summary>
    public bool IsExtensible =>
        IsPartial
        && (Obstacle is null or "abstract" or "static" or Struct or Interface
            || this is { Obstacle: "generic", Parameters.Count: > 0, Containing.Count: 0 })
        && Containing.All(static outer => outer.IsPartial);
}

/// <summary>A partial property without attribute, or with one that means nothing in its class.</summary>
/// <param name="IsMarked">Whether it has an attribute of Penstock's, which is reported by itself.</param>
/// <param name="Part">Its second part; null when it can have none.</param>
internal sealed record BodilessProperty(string Name, bool IsMarked, PropertyPart? Part);

/// <summary>A type around a declared one.</summary>
/// <param name="Keyword">How its partial declaration begins: <c>class</c>, <c>record struct</c>, …</param>
/// <param name="Name">The name.</param>
/// <param name="IsPartial">Whether it can be extended.</param>
internal sealed record ContainingType(string Keyword, string Name, bool IsPartial);
