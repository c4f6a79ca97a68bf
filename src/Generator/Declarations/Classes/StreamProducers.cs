using Microsoft.CodeAnalysis;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Finds the attributes that produce the rows of a stream.</summary>
internal static class StreamProducers
{
    /// <summary>The kind of operator that an attribute of a stream declares; null if it declares none.</summary>
    public static StreamKind? StreamKindOf(this INamedTypeSymbol? attribute)
    {
        // This runs for each attribute of each stream after each keystroke, so it must be fast.
        foreach (var kind in OperatorKinds.Streams)
        {
            if (attribute.IsPenstock(kind.Attribute))
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>The producers of a stream property: sources, operators and side outputs.</summary>
    public static IEnumerable<AttributeData> Producers(this ISymbol property) => property.GetAttributes().Where(static attribute =>
        attribute.AttributeClass.DerivesFrom(KnownNames.Source)
        || attribute.AttributeClass.IsPenstock(KnownNames.Apply)
        || attribute.AttributeClass.IsPenstock(KnownNames.SideOutput)
        || attribute.AttributeClass.StreamKindOf() != null);
}
