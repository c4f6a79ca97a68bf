using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Helpers for symbols that several readers share.</summary>
internal static class Symbols
{
    /// <summary>Whether the type implements <c>IDisposable</c> or <c>IAsyncDisposable</c>.</summary>
    public static bool IsDisposable(this ITypeSymbol type) =>
        type.AllInterfaces.Any(static candidate => candidate is
        {
            Name: "IDisposable"
            or "IAsyncDisposable", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        });

    /// <summary>Whether the type is one of Penstock's with this name; generic types are named without arity.</summary>
    public static bool IsPenstock(this ITypeSymbol? type, string name) => type != null && type.Name == name && type.IsInPenstock();

    /// <summary>Whether the type is directly in one of Penstock's namespaces.</summary>
    public static bool IsInPenstock(this ITypeSymbol type, string? room = null)
    {
        var space = type.ContainingNamespace;
        if (type.ContainingType != null || space is null or { IsGlobalNamespace: true })
        {
            return false;
        }

        if (room != null)
        {
            return space.Name == room
                && space.ContainingNamespace is { Name: KnownNames.Namespace, ContainingNamespace.IsGlobalNamespace: true };
        }

        return space is { Name: KnownNames.Namespace, ContainingNamespace.IsGlobalNamespace: true };
    }

    /// <summary>The members that the user has written. An analyzer also sees generated members, which must not be reported.</summary>
    public static ImmutableArray<ISymbol> WrittenMembers(this INamedTypeSymbol type) =>
        type
            .GetMembers()
            .RemoveAll(static member => !member.DeclaringSyntaxReferences.IsEmpty && member.DeclaringSyntaxReferences.All(IsGenerated));

    /// <summary>Whether a declaration is in a file that the Penstock generator has written.</summary>
    public static bool IsGenerated(SyntaxReference reference) => reference.SyntaxTree.FilePath.Contains(KnownNames.Generator);

    public static AttributeData? Attribute(this ISymbol symbol, string name)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.IsPenstock(name))
            {
                return attribute;
            }
        }

        return null;
    }

    /// <summary>All attributes of this class, in source order.</summary>
    public static IEnumerable<AttributeData> Attributes(this ISymbol symbol, string name) =>
        symbol.GetAttributes().Where(attribute => attribute.AttributeClass.IsPenstock(name));

    /// <summary>Whether the attribute derives from one of Penstock's attributes.</summary>
    public static bool DerivesFrom(this INamedTypeSymbol? type, string name)
    {
        for (var current = type; current != null; current = current.BaseType)
        {
            if (current.IsPenstock(name) && current.Arity == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The attributes of a symbol that derive from one of Penstock's attributes, in source order.</summary>
    public static IEnumerable<AttributeData> AttributesDerivedFrom(this ISymbol symbol, string name) =>
        symbol.GetAttributes().Where(attribute => attribute.AttributeClass.DerivesFrom(name));

    public static bool IsSerializableByMemoryPack(this INamedTypeSymbol type) => type.GetAttributes().Any(static attribute =>
        attribute.AttributeClass is
        {
            Name: "MemoryPackableAttribute",
            ContainingNamespace: { Name: "MemoryPack", ContainingNamespace.IsGlobalNamespace: true }
        });

    /// <summary>The readable member of a row type with a name, including base types.</summary>
    public static ISymbol? ReadableMember(this ITypeSymbol row, string name, Compilation compilation, ISymbol within) =>
        ReadableMembers(row, compilation, within).FirstOrDefault(member => member.Name == name);

    /// <summary>The instance fields and properties of a row type that code inside <paramref name="within"/> can read.</summary>
    public static IEnumerable<ISymbol> ReadableMembers(this ITypeSymbol row, Compilation compilation, ISymbol within)
    {
        for (ITypeSymbol? type = row; type != null && type.SpecialType != SpecialType.System_Object; type = type.BaseType)
        {
            foreach (var member in type.GetMembers())
            {
                if (!member.IsStatic
                    && member is IFieldSymbol { IsImplicitlyDeclared: false } or IPropertySymbol { GetMethod: not null, IsIndexer: false }
                    && member.Name != "EqualityContract"
                    && compilation.IsSymbolAccessibleWithin(member, Anchor(within))
                    && (member is not IPropertySymbol property
                        || compilation.IsSymbolAccessibleWithin(property.GetMethod!, Anchor(within))))
                {
                    yield return member;
                }
            }
        }
    }

    public static ITypeSymbol? TypeOfMember(this ISymbol? member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static ISymbol Anchor(ISymbol within) => within is INamedTypeSymbol or IAssemblySymbol ? within : within.ContainingType;
}
