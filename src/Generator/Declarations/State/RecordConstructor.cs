using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Declarations;

/// <summary>How a class or struct is created from its members.</summary>
/// <param name="Arguments">The indices of the members that the constructor takes, in its order.</param>
/// <param name="Assigned">The indices of the members that an object initializer sets, in its order.</param>
/// <param name="Direct">The indices of the members whose fields are set at the end.</param>
internal sealed record RecordConstructor(EquatableArray<int> Arguments, EquatableArray<int> Assigned, EquatableArray<int> Direct)
{
    /// <summary>
    /// The public parameterless constructor if every member can be set; otherwise the constructor with the most parameters, all of which
    /// must match members by name (ignoring case) and type.
    /// </summary>
    public static RecordConstructor? Find(INamedTypeSymbol type, IReadOnlyList<StoredMember> members, out string problem)
    {
        problem = "which has no public constructor whose parameters are all members of it";
        var constructors = type.InstanceConstructors
            .Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public)
            .ToList();
        var found = members.All(static member => member.CanSet)
            ? constructors.Find(static constructor => constructor.Parameters.IsEmpty)
            : null;
        found ??= constructors.Where(constructor => constructor.Parameters.All(parameter => IndexOf(parameter, members) >= 0))
            .OrderByDescending(static constructor => constructor.Parameters.Length)
            .FirstOrDefault();
        if (found == null)
        {
            return null;
        }

        var arguments = found.Parameters.Select(parameter => IndexOf(parameter, members)).ToList();
        var setsRequired = found.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "SetsRequiredMembersAttribute");
        var assigned = new List<int>();
        var direct = new List<int>();
        for (var i = 0; i < members.Count; i++)
        {
            var argument = arguments.IndexOf(i);
            var isAsked = members[i].IsRequired && !setsRequired;
            if (argument < 0 && !members[i].CanSet)
            {
                problem = $"whose member '{members[i].Name}' has no public setter and is not a parameter of its constructor";
                return null;
            }

            if (members[i].IsPlain
                && !isAsked
                && argument >= 0
                && ConstructorCode.Keeps(found, found.Parameters[argument], members[i].Symbol))
            {
                continue;
            }

            if (members[i].CanSet && (members[i].IsPlain || isAsked))
            {
                assigned.Add(i);
            }

            if (!members[i].CanSet || !members[i].IsPlain)
            {
                direct.Add(i);
            }
        }

        if (direct.FindIndex(i => IsGeneric(members[i].Symbol.ContainingType)) is >= 0 and var index
            && members[direct[index]] is var unreachable)
        {
            problem = unreachable.IsPlain
                ? $"whose member '{unreachable.Name}' has no public setter, and the compiler cannot see what its constructor stores in it"
                : $"whose property '{unreachable.Name}' has its own code in a generic type, which cannot be bypassed";
            return null;
        }

        // A setter with code may change other members, so members that are set only because C# requires it come first.
        return new RecordConstructor(
            arguments.ToEquatableArray(),
            assigned.OrderBy(i => members[i].IsPlain).ToEquatableArray(),
            direct.ToEquatableArray());
    }

    private static bool IsGeneric(INamedTypeSymbol type) => type.IsGenericType || (type.ContainingType is { } outer && IsGeneric(outer));

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
