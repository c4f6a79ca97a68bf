using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Reads what only the syntax of a property shows.</summary>
internal static class PropertySyntax
{
    /// <summary>The accessibility modifiers, exactly as a second part of the property must repeat them.</summary>
    public static EquatableArray<string> Accessibility(IPropertySymbol property) => Modifiers(property)
        .Where(static token => SyntaxFacts.IsAccessibilityModifier(token.Kind()))
        .Select(static token => token.ValueText)
        .ToEquatableArray();

    public static bool IsPartial(IPropertySymbol property) => Modifiers(property).Any(SyntaxKind.PartialKeyword);

    /// <summary>A modifier that a second part would have to repeat, and that is not supported here.</summary>
    public static string? OtherModifier(IPropertySymbol property) => Modifiers(property)
        .Where(static token => !token.IsKind(SyntaxKind.PartialKeyword) && !SyntaxFacts.IsAccessibilityModifier(token.Kind()))
        .Select(static token => token.ValueText)
        .FirstOrDefault() ?? Doubled(property);

    /// <summary>Whether the user has written the body that the generator would write.</summary>
    public static bool HasBody(IPropertySymbol property) =>
        IsWritten(property) || (property.PartialImplementationPart is { } body && IsWritten(body));

    /// <summary>A second part for a partial property of any form; null if none is possible.</summary>
    public static PropertyPart? SecondPart(IPropertySymbol property)
    {
        if (!IsPartial(property) || property.IsIndexer || HasBody(property) || !CanRepeat(property) || StateKinds.IsBroken(
            property.Type) || AccessibilityCheck.IsLessAccessible(property) || TypeReader.Read(property.Type)
            is not { Access: not TypeAccess.Unknown } type
            || property.DeclaringSyntaxReferences[0].GetSyntax()
                is not PropertyDeclarationSyntax { AccessorList.Accessors: { Count: > 0 } accessors })
        {
            return null;
        }

        return new PropertyPart(
            Words(Modifiers(property)),
            property.RefKind switch
            {
                RefKind.Ref => ReferenceKind.Ref,
                RefKind.RefReadOnly => ReferenceKind.RefReadOnly,
                _ => ReferenceKind.Value,
            },
            type.Declared,
            property.Name,
            accessors
                .Select(static accessor => new AccessorPart(Words(accessor.Modifiers), accessor.Keyword.ValueText))
                .ToEquatableArray());
    }

    private static EquatableArray<string> Words(SyntaxTokenList tokens) =>
        tokens.Select(static token => token.ValueText).ToEquatableArray();

    private static SyntaxTokenList Modifiers(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax())
            .OfType<BasePropertyDeclarationSyntax>()
            .FirstOrDefault()?.Modifiers ?? default;

    // If the first part is invalid, a second part would be invalid too.
    private static bool CanRepeat(IPropertySymbol property) =>
        Doubled(property) == null
        && Modifiers(property).All(static token => SyntaxFacts.IsAccessibilityModifier(token.Kind())
            || token.Kind() is SyntaxKind.PartialKeyword
                or SyntaxKind.StaticKeyword
                or SyntaxKind.NewKeyword
                or SyntaxKind.UnsafeKeyword
                or SyntaxKind.VirtualKeyword
                or SyntaxKind.OverrideKeyword
                or SyntaxKind.RequiredKeyword)
        && !(property.IsVirtual && (property.ContainingType.IsSealed
            || property.IsStatic
            || property.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Private));

    private static string? Doubled(IPropertySymbol property) =>
        Modifiers(property).GroupBy(static token => token.ValueText).FirstOrDefault(static group => group.Count() > 1) is { } doubled
            ? $"{doubled.Key} {doubled.Key}"
            : null;

    private static bool IsWritten(
        IPropertySymbol part) => part.DeclaringSyntaxReferences.Any(static reference => !Symbols.IsGenerated(reference)
        && reference.GetSyntax() is PropertyDeclarationSyntax declaration
        && (declaration.ExpressionBody != null
            || declaration.AccessorList?.Accessors.Any(static accessor => accessor.Body != null
                || accessor.ExpressionBody != null) == true));
}
