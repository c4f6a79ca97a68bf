using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

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

/// <summary>The second part that a partial property needs, which repeats the first one and has bodies.</summary>
/// <param name="Modifiers">The modifiers, in their order.</param>
/// <param name="Reference">How it returns what it holds.</param>
internal sealed record PropertyPart(
    EquatableArray<string> Modifiers,
    ReferenceKind Reference,
    TypeName Type,
    string Name,
    EquatableArray<AccessorPart> Accessors);

/// <summary>An accessor of a property.</summary>
/// <param name="Kind">Which one it is: <c>get</c>, <c>set</c> or <c>init</c>.</param>
internal sealed record AccessorPart(EquatableArray<string> Modifiers, string Kind);

internal enum ReferenceKind
{
    Value,
    Ref,
    RefReadOnly,
}

/// <summary>A type around a declared one.</summary>
/// <param name="Keyword">How its partial declaration begins: <c>class</c>, <c>record struct</c>, …</param>
/// <param name="Name">The name.</param>
/// <param name="IsPartial">Whether it can be extended.</param>
internal sealed record ContainingType(string Keyword, string Name, bool IsPartial);

/// <summary>How an instance of a class of the user's is made.</summary>
/// <param name="Services">The parameters of the constructor.</param>
/// <param name="Obstacle">Why it cannot be made, or null.</param>
/// <param name="ObstacleParameter">The parameter to blame, or -1.</param>
internal sealed record CreationDeclaration(
    EquatableArray<ServiceModel> Services,
    CreationObstacle Obstacle,
    string Detail,
    int ObstacleParameter);

internal enum CreationObstacle
{
    None,
    Abstract,
    NoConstructor,
    SeveralConstructors,
    RequiredMembers,
    Parameter,

    /// <summary>A parameter is of a type that does not exist: the C# compiler says so.</summary>
    Unknown,
}
