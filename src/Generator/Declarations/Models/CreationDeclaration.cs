using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

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
