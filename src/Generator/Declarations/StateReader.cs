using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Reads the state of an operator, and what looks like state but is none.</summary>
internal static class StateReader
{
    public static IEnumerable<StateDeclaration> ReadStates(ImmutableArray<ISymbol> members, IAssemblySymbol home)
    {
        var reader = new StateValueReader(home);
        foreach (var member in members)
        {
            if (member is IPropertySymbol { PartialDefinitionPart: null } property && property.Attribute(KnownNames.State) != null)
            {
                yield return Read(property, reader);
            }
        }
    }

    private static StateDeclaration Read(IPropertySymbol property, StateValueReader reader)
    {
        var kind = StateKinds.Of(property.Type);
        var arguments = kind == StateKind.Value ? [] : ((INamedTypeSymbol)property.Type).TypeArguments;
        var value = kind switch
        {
            StateKind.Reducing => StateKinds.Reduced(property.Type, reader.Read(arguments[0], property)),
            StateKind.Map => reader.Read(arguments[1], property),
            StateKind.List => reader.Read(arguments[0], property),
            _ => reader.Read(property.Type, property),
        };
        var attribute = property.Attribute(KnownNames.State)!;
        return new StateDeclaration(
            property.Name,
            PropertySyntax.Accessibility(property),
            StateKinds.TypeOf(property.Type, kind),
            kind == StateKind.Value ? Obstacle(property) : StateKinds.Obstacle(property),
            PropertySyntax.IsPartial(property),
            value,
            UnsupportedPart.Find(value, property.Name + (kind is StateKind.Map ? ".Values[]" : kind is StateKind.List ? "[]" : "")),
            FormerNames.Of(property),
            PropertySyntax.Skeleton(property))
        {
            Kind = kind,
            MapKey = kind == StateKind.Map ? ValueReader.Read(arguments[0]) : null,
            Elements = kind == StateKind.Reducing ? EquatableArray<string>.Empty : arguments.Select(static argument => TypeReader.Read(argument).Declared).ToEquatableArray(),
            Stored = kind == StateKind.Reducing ? StateKinds.ReducedType(property.Type) : TypeReader.Read(property.Type).Declared,
            IsOfKey = attribute.Scalar<int>("Scope") == 1,
            Ttl = OperatorReader.Optional(attribute, "Ttl"),
            TtlTime = (TtlTime)(attribute.Scalar<int>("TtlTime") ?? 0),
            IsRenewedOnRead = attribute.Scalar<int>("TtlRefresh") == 1,
            TtlOption = attribute.IsGiven("TtlTime") ? "TtlTime" : attribute.IsGiven("TtlRefresh") ? "TtlRefresh" : null,
        };
    }

    private static string? Obstacle(IPropertySymbol property) =>
        property.IsStatic ? "it is static"
        : property.SetMethod != null ? "it has a setter"
        : property.IsIndexer ? "it is an indexer"
        : property.RefKind == RefKind.RefReadOnly ? "it is 'ref readonly'"
        : property.RefKind != RefKind.Ref ? "it does not return by 'ref'"
        : PropertySyntax.HasBody(property) ? "it has a body of its own"
        : PropertySyntax.OtherModifier(property) is { } modifier ? $"it is '{modifier}'"
        : null;
}

/// <summary>What only the text of a property tells.</summary>
internal static class PropertySyntax
{
    /// <summary>The modifiers of accessibility, exactly as a second part of the property has to repeat them; with a blank behind.</summary>
    public static string Accessibility(IPropertySymbol property) => string.Concat(Modifiers(property)
        .Where(static token => SyntaxFacts.IsAccessibilityModifier(token.Kind()))
        .Select(static token => token.ValueText + " "));

    public static bool IsPartial(IPropertySymbol property) => Modifiers(property).Any(SyntaxKind.PartialKeyword);

    /// <summary>A modifier that a second part would have to repeat, and that makes no sense here.</summary>
    public static string? OtherModifier(IPropertySymbol property) => Modifiers(property)
        .Where(static token => !token.IsKind(SyntaxKind.PartialKeyword) && !SyntaxFacts.IsAccessibilityModifier(token.Kind()))
        .Select(static token => token.ValueText)
        .FirstOrDefault();

    /// <summary>Whether the user has written the body that the generator is to write.</summary>
    public static bool HasBody(IPropertySymbol property) =>
        property.PartialImplementationPart is { } body && !body.DeclaringSyntaxReferences.All(Symbols.IsGenerated);

    /// <summary>A second part for a partial property of any form, with <c>$body</c> for its bodies; null where there can be none.</summary>
    public static string? Skeleton(IPropertySymbol property)
    {
        if (!IsPartial(property) || property.IsIndexer || HasBody(property) || StateKinds.IsBroken(property.Type) || TypeReader.Read(property.Type) is not { Access: not TypeAccess.Unknown } type
            || property.DeclaringSyntaxReferences[0].GetSyntax() is not PropertyDeclarationSyntax { AccessorList.Accessors: { Count: > 0 } accessors })
        {
            return null;
        }

        var modifiers = string.Concat(Modifiers(property).Select(static token => token.ValueText + " "));
        var reference = property.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.RefReadOnly => "ref readonly ",
            _ => "",
        };
        var bodies = accessors.Select(static accessor => string.Concat(accessor.Modifiers.Select(static token => token.ValueText + " ")) + accessor.Keyword.ValueText + " => $body;");
        return $"{modifiers}{reference}{type.Declared} {TypeReader.Escape(property.Name)} {{ {string.Join(" ", bodies)} }}";
    }

    private static SyntaxTokenList Modifiers(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()).OfType<PropertyDeclarationSyntax>().FirstOrDefault()?.Modifiers ?? default;
}
