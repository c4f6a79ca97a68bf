using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds partial properties without a body. The C# compiler runs no analyzer while a partial property has none (CS9248), so the generator
/// gives a body to each, even if its attribute or that of its class is missing.
/// </summary>
internal static class PartialProperties
{
    /// <summary>
    /// The properties that are neither streams of a pipeline nor state of an operator. Properties with attributes of other libraries are
    /// excluded, because another generator may write their bodies.
    /// </summary>
    public static IEnumerable<BodilessProperty> Bodiless(INamedTypeSymbol type)
    {
        var isPipeline = type.Attribute(KnownNames.Pipeline) != null;
        var isOperator = type.Attribute(KnownNames.Operator) != null;
        foreach (var property in Waiting(type))
        {
            var isStream = MisplacedAttributes.IsStreamMember(property);
            var isState = property.Attribute(KnownNames.State) != null;
            if ((isPipeline && (isStream || property.Type.IsPenstock(KnownNames.Stream))) || (isOperator && isState))
            {
                continue;
            }

            if (isStream || isState || property.GetAttributes().IsEmpty || IsOfOurType(property))
            {
                yield return new BodilessProperty(property.Name, isStream || isState, PropertySyntax.SecondPart(property));
            }
        }
    }

    /// <summary>Whether some property gets no body.</summary>
    public static bool LackBodies(INamedTypeSymbol type) =>
        Waiting(type).Any(static property => PropertySyntax.SecondPart(property) == null);

    /// <summary>Whether only this generator can write the body of a property, because of its type.</summary>
    public static bool IsOfOurType(IPropertySymbol property) =>
        property.Type.IsPenstock(KnownNames.Stream) || StateKinds.Of(property.Type) != StateKind.Value;

    private static IEnumerable<IPropertySymbol> Waiting(INamedTypeSymbol type) => type.WrittenMembers().OfType<IPropertySymbol>()
        .Where(static property => property.PartialDefinitionPart == null
            && PropertySyntax.IsPartial(property)
            && !PropertySyntax.HasBody(property));
}
