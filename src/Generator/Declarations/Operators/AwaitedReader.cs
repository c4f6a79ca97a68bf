using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Reads what a method returns that waits.</summary>
internal static class AwaitedReader
{
    /// <summary>The row in a <c>ValueTask&lt;T&gt;</c>; null for another type.</summary>
    public static AwaitedRow? Read(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { Name: "ValueTask", TypeArguments: [var result] }
            || type.ContainingNamespace.ToDisplayString() != "System.Threading.Tasks")
        {
            return null;
        }

        return result is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
            ? new AwaitedRow(TypeReader.Read(value), CanBeNull: true)
            : new AwaitedRow(
                TypeReader.Read(result.WithNullableAnnotation(NullableAnnotation.None)),
                result is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated });
    }
}
