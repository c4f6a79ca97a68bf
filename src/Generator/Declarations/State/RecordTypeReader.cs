using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Reads classes and structs of the user as records of members. All that they store must be public, and settable or taken by a public
/// constructor, so that no part of a state is lost silently.
/// </summary>
internal static class RecordTypeReader
{
    public static ValueModel Read(INamedTypeSymbol type, StateValueReader reader)
    {
        if (FindProblem(type, reader.Home) is { } problem)
        {
            return StateValueReader.Unsupported(type, problem);
        }

        var stored = new List<StoredMember>();
        var derived = new HashSet<string>();
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            problem = ReadStored(current, reader.Home, derived, stored);
            if (problem != null)
            {
                return StateValueReader.Unsupported(type, problem);
            }

            derived.UnionWith(current.GetMembers().Select(static member => member.Name));
        }

        if (stored.GroupBy(static member => member.Name).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            return StateValueReader.Unsupported(type, $"which stores two members called '{twice.Key}'");
        }

        return stored.Count == 0 ? StateValueReader.Unsupported(type, "which stores no public members") : Build(type, stored, reader);
    }

    private static ValueModel Build(INamedTypeSymbol type, List<StoredMember> stored, StateValueReader reader)
    {
        // The source order does not matter, so members can be moved, even between the files of a partial type. Members of fixed size come
        // first, because they are written together.
        var members = stored.Select(member => (Stored: member, Value: reader.Read(member.Type, member.Symbol)))
            .OrderBy(static member => !member.Value.IsFixed)
            .ThenBy(static member => member.Stored.Name, StringComparer.Ordinal)
            .ToList();
        var constructor = RecordConstructor.Find(type, [.. members.Select(static member => member.Stored)], out var problem);
        if (constructor == null)
        {
            return StateValueReader.Unsupported(type, problem);
        }

        return new ValueModel(ValueKind.Record, TypeReader.Name(type), members.Select(static member => member.Value).ToEquatableArray())
        {
            Record = new RecordModel(
                members.Select(static member => member.Stored.Name).ToEquatableArray(),
                members.Select(member => FormerNames.Of(member.Stored.Symbol)).ToEquatableArray(),
                constructor.Arguments,
                constructor.Assigned,
                type.IsReferenceType,
                type.IsReferenceType && stored.Any(static member => member.CanChange),
                type.IsValueType || type.IsSealed,
                EqualityOf(type))
            {
                Direct = constructor.Direct.Select(i => FieldOf(members[i].Stored, members[i].Value, i)).ToEquatableArray(),
            },
        };
    }

    private static DirectField FieldOf(StoredMember member, ValueModel value, int index) =>
        new(index, TypeReader.Name(member.Symbol.ContainingType), member.Symbol.ContainingType.IsValueType, member.Field, value.Type);

    private static string? FindProblem(INamedTypeSymbol type, IAssemblySymbol home) =>
        IsOpaque(type, home) && !type.IsRecord ? "which is a class of another assembly, whose private fields cannot be seen"
        : type.IsAbstract ? "which is abstract"
        : type is
        {
            IsReferenceType: true,
            IsSealed: false,
            IsRecord: false
        } ? "which is not sealed, so a derived class would be saved as its base class"
        : type
            .GetAttributes()
            .Any(static attribute => attribute.AttributeClass?.Name == "InlineArrayAttribute") ? "which is an inline array"
        : null;

    // Reference assemblies contain the private fields of structs, but not of classes. What a record stores is in its properties.
    private static bool IsOpaque(INamedTypeSymbol type, IAssemblySymbol home) =>
        type.IsReferenceType && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, home);

    /// <summary>Adds the members that a type itself stores.</summary>
    /// <param name="derived">The names of the members of derived types, which hide those of this type.</param>
    /// <returns>Why it cannot be read, or null.</returns>
    private static string? ReadStored(INamedTypeSymbol type, IAssemblySymbol home, HashSet<string> derived, List<StoredMember> stored)
    {
        var isOpaque = IsOpaque(type, home);
        if (isOpaque && !type.IsRecord)
        {
            return $"whose base class '{type.Name}' is of another assembly, so its private fields cannot be seen";
        }

        if (CapturedParameters.Find(type) is { } captured)
        {
            return $"whose constructor keeps its parameter '{captured}' outside of the members";
        }

        foreach (var declared in type.GetMembers().Where(static member => !member.IsStatic))
        {
            switch (declared)
            {
                case IEventSymbol:
                    return $"whose event '{declared.Name}' cannot be saved";
                case IFieldSymbol field when field.Attribute(KnownNames.Transient) == null:
                    if (Holder(field) is not { DeclaredAccessibility: Accessibility.Public } holder
                        || holder is IPropertySymbol { GetMethod: not { DeclaredAccessibility: Accessibility.Public } })
                    {
                        return $"whose {(Holder(field) is IPropertySymbol property ? $"property '{property.Name}'" : $"field '{field.Name}'")} is not public";
                    }

                    stored.Add(StoredMember.Of(holder, derived));
                    break;
                case IPropertySymbol { IsPartialDefinition: true } property:
                    return $"whose property '{property.Name}' is partial, so what its other part stores cannot be seen";
                case IPropertySymbol { IsIndexer: false, DeclaredAccessibility: Accessibility.Public } property when isOpaque
                    && StoredMember.OfReference(property, derived) is { } member:
                    if (!member.IsPlain && !derived.Contains(property.Name))
                    {
                        return $"whose property '{property.Name}' has its own code in another assembly, which cannot be seen";
                    }

                    stored.Add(member);
                    break;
            }
        }

        return null;
    }

    // The compiler stores the value of an automatic property in a field. For a referenced assembly, only the name of the field shows this.
    private static ISymbol Holder(IFieldSymbol field) => field.AssociatedSymbol
        ?? (field.Name.StartsWith("<", StringComparison.Ordinal) && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
            ? field.ContainingType.GetMembers(field.Name.Substring(1, field.Name.IndexOf('>') - 1)).FirstOrDefault() ?? (ISymbol)field
            : field);

    private static RecordEquality EqualityOf(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            if (!(current.IsRecord && current.DeclaringSyntaxReferences.IsEmpty)
                && current.GetMembers(nameof(Equals))
                    .OfType<IMethodSymbol>()
                    .Any(static method => method is { IsStatic: false, IsImplicitlyDeclared: false, Parameters.Length: 1 }))
            {
                return RecordEquality.OfItsOwn;
            }
        }

        return type.IsValueType || type.IsRecord ? RecordEquality.OfMembers : RecordEquality.OfReferences;
    }
}
