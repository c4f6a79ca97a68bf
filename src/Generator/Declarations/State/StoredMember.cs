using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>A public field, or a public property with a backing field.</summary>
/// <param name="CanSet">Whether an object initializer can set it.</param>
/// <param name="CanChange">Whether it can change after construction.</param>
/// <param name="IsPlain">Whether its name refers to the field: no accessor has code, and no member of a derived type hides it.</param>
internal sealed record StoredMember(ISymbol Symbol, ITypeSymbol Type, bool CanSet, bool CanChange, bool IsRequired, bool IsPlain)
{
    public string Name => Symbol.Name;

    /// <summary>The name of its field.</summary>
    public string Field => Symbol is IFieldSymbol ? Name : $"<{Name}>k__BackingField";

    /// <param name="derived">The names of the members of derived types.</param>
    public static StoredMember Of(ISymbol symbol, HashSet<string> derived) => symbol is IFieldSymbol field
        ? new StoredMember(field, field.Type, !field.IsReadOnly, !field.IsReadOnly, field.IsRequired, !derived.Contains(field.Name))
        : Of((IPropertySymbol)symbol, derived);

    /// <summary>A property of a record whose fields are not visible; null if it stores nothing.</summary>
    public static StoredMember? OfReference(IPropertySymbol property, HashSet<string> derived) =>
        IsMade(property.GetMethod)
            || property is { GetMethod.DeclaredAccessibility: Accessibility.Public, SetMethod.DeclaredAccessibility: Accessibility.Public }
            ? Of(property, derived)
            : null;

    private static StoredMember Of(IPropertySymbol property, HashSet<string> derived) => new(
        property,
        property.Type,
        property.SetMethod is { DeclaredAccessibility: Accessibility.Public },
        property.SetMethod is { IsInitOnly: false },
        property.IsRequired,
        IsAutomatic(property) && !derived.Contains(property.Name));

    // In referenced assemblies, compiler-generated accessors have an attribute.
    private static bool IsAutomatic(IPropertySymbol property) => property.DeclaringSyntaxReferences.IsEmpty
        ? IsMade(property.GetMethod) && (property.SetMethod == null || IsMade(property.SetMethod))
        : property.DeclaringSyntaxReferences.All(static reference => reference.GetSyntax() is not PropertyDeclarationSyntax declaration
            || (declaration.ExpressionBody == null
                && declaration.AccessorList?.Accessors.All(static accessor => accessor.Body == null
                    && accessor.ExpressionBody == null) == true));

    private static bool IsMade(IMethodSymbol? accessor) =>
        accessor?.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute") == true;
}
