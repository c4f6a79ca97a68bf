using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Detects row types whose members can be read through other members, because they share memory.</summary>
internal static class RowLayout
{
    /// <summary>
    /// Whether the program determines the layout of a type, so that fields may overlap, or whether it has a fixed-size buffer, which allows
    /// unchecked access beyond the field.
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

        // In a referenced assembly, the attribute is a flag of the type.
        if (!type.DeclaringSyntaxReferences.IsEmpty || type.ContainingModule?.GetMetadata() is not { } metadata)
        {
            return false;
        }

        var handle = (TypeDefinitionHandle)MetadataTokens.EntityHandle(type.OriginalDefinition.MetadataToken);
        return (metadata.GetMetadataReader().GetTypeDefinition(handle).Attributes
            & TypeAttributes.LayoutMask) is not (TypeAttributes.SequentialLayout or TypeAttributes.AutoLayout);
    }
}
