using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Declarations;

/// <summary>Reads <c>[KeyBy]</c>, whose names refer to members of the row type.</summary>
internal static class KeyReader
{
    public static KeyDeclaration Read(AttributeData attribute, ITypeSymbol? row, Compilation compilation, ISymbol within) =>
        Read(attribute.Texts("members"), row, compilation, within);

    public static KeyDeclaration Read(IReadOnlyList<string> names, ITypeSymbol? row, Compilation compilation, ISymbol within) =>
        new(names.Select(name => ReadMember(name, row, compilation, within)).ToEquatableArray());

    private static KeyMemberDeclaration ReadMember(string name, ITypeSymbol? row, Compilation compilation, ISymbol within)
    {
        var member = row?.ReadableMember(name, compilation, within);
        var type = member.TypeOfMember();
        return new KeyMemberDeclaration(
            name,
            type == null ? null : ValueReader.Read(type),
            type != null || row == null ? EquatableArray<string>.Empty : Names(row, compilation, within),
            IsNullable(type),
            member != null && RowMembers.IsComputed(member));
    }

    /// <summary>
    /// Whether a type is a nullable reference. In code without nullable annotations, strings count as not nullable, because readers of rows
    /// never return null for them.
    /// </summary>
    public static bool IsNullable(ITypeSymbol? type) => type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated };

    /// <summary>The names of the members that generated code can read.</summary>
    public static EquatableArray<string> Names(ITypeSymbol row, Compilation compilation, ISymbol within) =>
        row.ReadableMembers(compilation, within).Select(static member => member.Name).Distinct().ToEquatableArray();
}
