using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Tells rows whose members are read through other members, because they lie in the same memory.</summary>
internal static class RowLayout
{
    /// <summary>
    /// Whether the program places the fields of a type itself, so that they may overlap, or reaches beyond one of them without a check.
    /// </summary>
    public static bool MayOverlap(INamedTypeSymbol type) =>
        IsPlacedByHand(type) || type.GetMembers().Any(static member => member is IFieldSymbol { IsStatic: false, IsFixedSizeBuffer: true });

    private static bool IsPlacedByHand(INamedTypeSymbol type)
    {
        var attribute = type
            .GetAttributes()
            .FirstOrDefault(static attribute => attribute.AttributeClass?.Name == nameof(StructLayoutAttribute));
        if (attribute != null)
        {
            return attribute.ConstructorArguments is not [{ Value: { } kind }]
                || (LayoutKind)Convert.ToInt32(
                    kind,
                    System.Globalization.CultureInfo.InvariantCulture) is not (LayoutKind.Sequential or LayoutKind.Auto);
        }

        // In a reference the attribute is a flag of the type.
        if (!type.DeclaringSyntaxReferences.IsEmpty || type.ContainingModule?.GetMetadata() is not { } metadata)
        {
            return false;
        }

        var handle = (TypeDefinitionHandle)MetadataTokens.EntityHandle(type.OriginalDefinition.MetadataToken);
        return (metadata.GetMetadataReader().GetTypeDefinition(handle).Attributes
            & TypeAttributes.LayoutMask) is not (TypeAttributes.SequentialLayout or TypeAttributes.AutoLayout);
    }
}
