using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Finds properties that are more accessible than their types (CS0053). A second part would repeat the compiler's error.</summary>
internal static class AccessibilityCheck
{
    public const string Problem = "its type is less accessible than the property: make the type public, or the class or the property internal";

    public static bool IsLessAccessible(IPropertySymbol property)
    {
        var reach = Reach(property.DeclaredAccessibility);
        for (var outer = property.ContainingType; outer != null; outer = outer.ContainingType)
        {
            reach = Math.Min(reach, Reach(outer.DeclaredAccessibility));
        }

        return ReachOf(property.Type) < reach;
    }

    private static int ReachOf(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return ReachOf(array.ElementType);
        }

        if (type is not INamedTypeSymbol named || type is IErrorTypeSymbol)
        {
            return Reach(Accessibility.Public);
        }

        // No part of a class in another file can refer to a file-local type.
        var reach = named.IsFileLocal ? -1 : named.TypeArguments.Select(ReachOf).Append(Reach(named.DeclaredAccessibility)).Min();
        return named.ContainingType == null ? reach : Math.Min(reach, ReachOf(named.ContainingType));
    }

    // Members for derived classes of other assemblies are visible as far as public ones.
    private static int Reach(Accessibility accessibility) => accessibility switch
    {
        Accessibility.Private => 0,
        Accessibility.Internal or Accessibility.ProtectedAndInternal => 1,
        _ => 2,
    };
}
