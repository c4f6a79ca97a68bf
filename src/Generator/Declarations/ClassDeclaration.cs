using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>A class that carries one of Penstock's attributes.</summary>
/// <param name="Type">The fully qualified name.</param>
/// <param name="Name">The name, without escaping.</param>
/// <param name="Namespace">The namespace, escaped; empty for the global one.</param>
/// <param name="HintName">The stem of the names of generated files.</param>
/// <param name="Keyword"><c>class</c> or <c>record</c>.</param>
/// <param name="Parameters">Its type parameters in angle brackets; empty for none.</param>
/// <param name="Containing">The types around it, from outside.</param>
/// <param name="IsPartial">Whether it can be extended.</param>
/// <param name="Obstacle">Why the generator cannot extend or create it, or null.</param>
/// <param name="Access">Who can see it.</param>
internal sealed record ClassDeclaration(
    string Type,
    string Name,
    string Namespace,
    string HintName,
    string Keyword,
    string Parameters,
    EquatableArray<ContainingType> Containing,
    bool IsPartial,
    string? Obstacle,
    TypeAccess Access);

/// <summary>A type around a declared one.</summary>
/// <param name="Keyword">How its partial declaration begins: <c>class</c>, <c>record struct</c>, …</param>
/// <param name="Name">The name, escaped.</param>
/// <param name="IsPartial">Whether it can be extended.</param>
internal sealed record ContainingType(string Keyword, string Name, bool IsPartial);

/// <summary>How an instance of a class of the user's is made.</summary>
/// <param name="Services">The parameters of the constructor.</param>
/// <param name="Obstacle">Why it cannot be made, or null.</param>
/// <param name="ObstacleParameter">The parameter to blame, or -1.</param>
internal sealed record CreationDeclaration(EquatableArray<ServiceModel> Services, CreationObstacle Obstacle, string Detail, int ObstacleParameter);

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
