using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds partial properties that wait for a body of the generator's. The C# compiler asks no analyzer while one has none (CS9248); so each
/// gets one, also where its attribute or that of its class is missing.
/// </summary>
internal static class PartialProperties
{
    /// <summary>
    /// The properties that are no streams of a pipeline and no states of an operator. Those with attributes of others are left to them.
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

    /// <summary>Whether a property gets no body.</summary>
    public static bool LackBodies(INamedTypeSymbol type) =>
        Waiting(type).Any(static property => PropertySyntax.SecondPart(property) == null);

    /// <summary>Whether a property is of a type that only the generator can give a body to.</summary>
    public static bool IsOfOurType(IPropertySymbol property) =>
        property.Type.IsPenstock(KnownNames.Stream) || StateKinds.Of(property.Type) != StateKind.Value;

    private static IEnumerable<IPropertySymbol> Waiting(INamedTypeSymbol type) => type.WrittenMembers().OfType<IPropertySymbol>()
        .Where(static property => property.PartialDefinitionPart == null
            && PropertySyntax.IsPartial(property)
            && !PropertySyntax.HasBody(property));
}
