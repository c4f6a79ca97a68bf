using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A class with an attribute of Penstock.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">The name, without escaping.</param>
/// <param name="Namespace">The namespace; empty for the global one.</param>
/// <param name="HintName">The stem of the names of generated files.</param>
/// <param name="Keyword"><c>class</c> or <c>record</c>.</param>
/// <param name="Parameters">The names of its type parameters.</param>
/// <param name="Containing">The types that contain it, from the outermost to the innermost.</param>
/// <param name="IsPartial">Whether all of its declarations are partial, so that the generator can extend it.</param>
/// <param name="Problem">Why the generator cannot extend or create it, or null.</param>
/// <param name="Access">The code that can refer to it.</param>
internal sealed record ClassDeclaration(
    TypeName Type,
    string Name,
    string Namespace,
    string HintName,
    string Keyword,
    EquatableArray<string> Parameters,
    EquatableArray<ContainingType> Containing,
    bool IsPartial,
    string? Problem,
    TypeAccess Access)
{
    /// <summary>The problem for a type that is a struct.</summary>
    public const string Struct = "a struct";

    /// <summary>The problem for a type that is an interface.</summary>
    public const string Interface = "an interface";

    /// <summary>
    /// The partial properties without a body that have no attribute, or an attribute that has no effect in this class. The generator must
    /// write their bodies, or C# reports only that these are missing.
    /// </summary>
    public EquatableArray<BodilessProperty> Bodiless { get; init; } = EquatableArray<BodilessProperty>.Empty;

    /// <summary>Whether some partial property gets no body, because no valid second part exists for it.</summary>
    public bool LacksBodies { get; init; }

    /// <summary>Whether a second part of the class can be generated. For a file-local class, it would be a different class.</summary>
    public bool IsExtensible =>
        IsPartial
        && (Problem is null or "abstract" or "static" or Struct or Interface
            || this is { Problem: "generic", Parameters.Count: > 0, Containing.Count: 0 })
        && Containing.All(static outer => outer.IsPartial);
}

/// <summary>A partial property without an attribute, or with one that has no effect in its class.</summary>
/// <param name="IsMarked">Whether it has an attribute of Penstock, which is reported separately.</param>
/// <param name="Part">Its second part; null if none is possible.</param>
internal sealed record BodilessProperty(string Name, bool IsMarked, PropertyPart? Part);

/// <summary>A type that contains a declared class.</summary>
/// <param name="Keyword">The keyword of its partial declaration: <c>class</c>, <c>record struct</c>, …</param>
/// <param name="Name">The name.</param>
/// <param name="IsPartial">Whether the generator can extend it.</param>
internal sealed record ContainingType(string Keyword, string Name, bool IsPartial);
