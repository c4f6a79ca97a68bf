using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>How a class or struct is made of its members.</summary>
/// <param name="Arguments">The indices of the members that the constructor takes, in its order.</param>
/// <param name="Assigned">The indices of the members that an object initializer sets.</param>
internal sealed record RecordConstructor(EquatableArray<int> Arguments, EquatableArray<int> Assigned)
{
    /// <summary>
    /// The public constructor without parameters, where every member can be set; else the one with the most parameters that all are
    /// members, by name (the case does not matter) and type.
    /// </summary>
    public static RecordConstructor? Find(INamedTypeSymbol type, IReadOnlyList<StoredMember> members, out string problem)
    {
        problem = "which has no public constructor whose parameters all are members of it";
        var constructors = type.InstanceConstructors.Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public).ToList();
        var found = members.All(static member => member.CanSet) ? constructors.Find(static constructor => constructor.Parameters.IsEmpty) : null;
        found ??= constructors.Where(constructor => constructor.Parameters.All(parameter => IndexOf(parameter, members) >= 0))
            .OrderByDescending(static constructor => constructor.Parameters.Length)
            .FirstOrDefault();
        if (found == null)
        {
            return null;
        }

        var arguments = found.Parameters.Select(parameter => IndexOf(parameter, members)).ToEquatableArray();
        var setsRequired = found.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "SetsRequiredMembersAttribute");
        var assigned = new List<int>();
        for (var i = 0; i < members.Count; i++)
        {
            if (arguments.Contains(i) && (setsRequired || !members[i].IsRequired))
            {
                continue;
            }

            if (!members[i].CanSet)
            {
                problem = $"whose member '{members[i].Name}' has no public setter and is no parameter of its constructor";
                return null;
            }

            assigned.Add(i);
        }

        return new RecordConstructor(arguments, assigned.ToEquatableArray());
    }

    private static int IndexOf(IParameterSymbol parameter, IReadOnlyList<StoredMember> members)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (string.Equals(members[i].Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                && parameter.RefKind is RefKind.None or RefKind.In
                && SymbolEqualityComparer.Default.Equals(members[i].Type, parameter.Type))
            {
                return i;
            }
        }

        return -1;
    }
}
