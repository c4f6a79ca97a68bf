using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>How an instance of a class of the user is created.</summary>
/// <param name="Services">The parameters of the constructor.</param>
/// <param name="Problem">Why it cannot be created, or null.</param>
/// <param name="ProblemParameter">The index of the parameter that prevents it, or -1.</param>
internal sealed record CreationDeclaration(
    EquatableArray<ServiceModel> Services,
    CreationProblem Problem,
    string Detail,
    int ProblemParameter);

internal enum CreationProblem
{
    None,
    Abstract,
    NoConstructor,
    SeveralConstructors,
    RequiredMembers,
    Parameter,

    /// <summary>The type of a parameter does not exist. The C# compiler reports it.</summary>
    Unknown,
}
