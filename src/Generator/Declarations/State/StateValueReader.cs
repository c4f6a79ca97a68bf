using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the type of a state, or of the rows of a stream, with all of its parts.</summary>
/// <param name="home">The assembly that is compiled.</param>
internal sealed class StateValueReader(IAssemblySymbol home)
{
    // No real type is nested this deeply, but generic types that contain larger instances of themselves have no end.
    private const int DeepestNesting = 32;

    // No real type has this many parts, but types that contain each other several times have exponentially many.
    private const int MaxParts = 10_000;

    private readonly List<INamedTypeSymbol> _around = [];
    private int _parts;

    /// <summary>The assembly that is compiled.</summary>
    public IAssemblySymbol Home => home;

    /// <summary>Reads a state or a member of a state, which may have its own codec.</summary>
    public ValueModel Read(ITypeSymbol type, ISymbol holder) =>
        holder.Attribute(KnownNames.StateCodec) is { } codec ? CodecReader.Read(codec, type) : Read(type);

    /// <summary>Reads a type, which may have its own codec.</summary>
    public ValueModel Read(ITypeSymbol type)
    {
        _parts = _around.Count == 0 ? 0 : _parts + 1;
        if (_parts > MaxParts)
        {
            return Unsupported(type, "nested too deeply");
        }

        if (TypeReader.Access(type) == TypeAccess.Unknown)
        {
            return ValueReader.Simple(ValueKind.Unknown, type);
        }

        if (type.Attribute(KnownNames.StateCodec) is { } codec)
        {
            return CodecReader.Read(codec, type);
        }

        return type is IArrayTypeSymbol array ? ReadArray(array)
            : ValueReader.ReadPlain(type, Read)
            ?? (type is INamedTypeSymbol { SpecialType: SpecialType.None, IsTupleType: false } named
                ? ReadNamed(named)
                : Unsupported(type));
    }

    private ValueModel ReadArray(IArrayTypeSymbol type) => type switch
    {
        { IsSZArray: false } => Unsupported(type, "which has several dimensions"),
        { ElementType.SpecialType: SpecialType.System_Byte } => ValueReader.Simple(ValueKind.Bytes, type),
        _ => Collection(ValueKind.Array, type, type.ElementType),
    };

    private ValueModel ReadNamed(INamedTypeSymbol type)
    {
        if (CollectionKind(type) is { } kind)
        {
            return Collection(kind, type, [.. type.TypeArguments]);
        }

        if (IsPackable(type))
        {
            return ValueReader.Simple(ValueKind.Packable, type);
        }

        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
        {
            return Unsupported(type);
        }

        if (_around.Contains(type, SymbolEqualityComparer.Default) || _around.Count == DeepestNesting)
        {
            return Unsupported(type, _around.Count == DeepestNesting ? "nested too deeply" : "which contains itself");
        }

        if (TypeReader.Access(type) > TypeAccess.Internal)
        {
            return Unsupported(type, "which generated code cannot access: make it internal");
        }

        _around.Add(type);
        var record = RecordTypeReader.Read(type, this);
        _around.RemoveAt(_around.Count - 1);
        return record;
    }

    public static ValueModel Unsupported(ITypeSymbol type, string? problem = null) =>
        ValueReader.Simple(ValueKind.Unsupported, type) with { Problem = problem };

    private ValueModel Collection(ValueKind kind, ITypeSymbol type, params ITypeSymbol[] elements)
    {
        var parts = elements.Select(Read).ToArray();

        // Keys that are compared by reference would not be found again after a restart.
        if (kind is ValueKind.HashSet or ValueKind.ImmutableHashSet or ValueKind.Dictionary or ValueKind.ImmutableDictionary
            && !parts[0].HasValueEquality)
        {
            parts[0] = Unsupported(elements[0], "which as a key is compared by reference");
        }

        return new ValueModel(kind, TypeReader.Name(type), new(parts));
    }

    private static ValueKind? CollectionKind(INamedTypeSymbol type) => type.Arity == 0 || type.ContainingType != null ? null
        : IsSystemCollections(type.ContainingNamespace, "Generic") ? type.Name switch
        {
            "List" => ValueKind.List,
            "HashSet" => ValueKind.HashSet,
            "Dictionary" => ValueKind.Dictionary,
            _ => null,
        }
        : IsSystemCollections(type.ContainingNamespace, "Immutable") ? type.Name switch
        {
            "ImmutableArray" => ValueKind.ImmutableArray,
            "ImmutableList" => ValueKind.ImmutableList,
            "ImmutableHashSet" => ValueKind.ImmutableHashSet,
            "ImmutableDictionary" => ValueKind.ImmutableDictionary,
            _ => null,
        }
        : null;

    private static bool IsSystemCollections(INamespaceSymbol? space, string name) => space is
    {
        ContainingNamespace: { Name: "Collections", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
    } && space.Name == name;

    // MemoryPack's generator and this one do not see each other's output. A type that MemoryPack refuses must be refused here too, or
    // generated code would use an implementation that does not exist.
    private static bool IsPackable(INamedTypeSymbol type) =>
        (type.IsSerializableByMemoryPack()
            && type is { IsAbstract: false, TypeKind: TypeKind.Class or TypeKind.Struct }
            && (type.DeclaringSyntaxReferences.IsEmpty || type.DeclaringSyntaxReferences.All(static reference =>
                reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword))))
        || type.AllInterfaces.Any(contract => contract is { Name: "IMemoryPackable", ContainingNamespace.Name: "MemoryPack" }
            && SymbolEqualityComparer.Default.Equals(contract.TypeArguments[0], type));
}
