using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Converts type symbols to <see cref="TypeRef"/>.</summary>
internal static class TypeReader
{
    private static readonly SymbolDisplayFormat Identity = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static TypeRef Read(ITypeSymbol type) => new(
        Name(type),
        Signed(type),
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
        Access(type),
        type is INamedTypeSymbol { SpecialType: SpecialType.None, IsTupleType: false, Arity: 0 });

    public static TypeName Name(ITypeSymbol type) => TypeName.Displayed(type.ToDisplayString(Identity));

    private static TypeName Signed(ITypeSymbol type) => TypeName.Displayed(type.ToDisplayString(Signature));

    public static TypeAccess Access(ITypeSymbol type) => type switch
    {
        IErrorTypeSymbol => TypeAccess.Unknown,
        IArrayTypeSymbol array => Access(array.ElementType),
        INamedTypeSymbol { IsFileLocal: true } or INamedTypeSymbol { IsStatic: true } or INamedTypeSymbol { IsRefLikeType: true } =>
            TypeAccess.Unusable,
        INamedTypeSymbol { SpecialType: SpecialType.System_Void } => TypeAccess.Unusable,
        INamedTypeSymbol named => AccessOfNamed(named),
        _ => TypeAccess.Unusable,
    };

    private static TypeAccess AccessOfNamed(INamedTypeSymbol type)
    {
        var access = type.DeclaredAccessibility switch
        {
            Accessibility.Public => TypeAccess.Public,
            Accessibility.Internal or Accessibility.ProtectedOrInternal => TypeAccess.Internal,
            Accessibility.NotApplicable => TypeAccess.Public,
            _ => TypeAccess.Private,
        };
        if (type.ContainingType != null)
        {
            access = Max(access, AccessOfNamed(type.ContainingType));
        }

        foreach (var argument in type.TypeArguments)
        {
            access = Max(access, Access(argument));
        }

        return access;
    }

    public static TypeAccess Max(TypeAccess left, TypeAccess right) => left > right ? left : right;
}
