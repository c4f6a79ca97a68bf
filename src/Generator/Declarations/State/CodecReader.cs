using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads <c>[StateCodec]</c>.</summary>
internal static class CodecReader
{
    /// <summary>The value that a codec writes: of this type, or of its non-nullable type.</summary>
    public static ValueModel Read(AttributeData attribute, ITypeSymbol type)
    {
        if (attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Type or TypedConstantKind.Primitive, IsNull: true }])
        {
            return StateValueReader.Unsupported(type, "whose codec is null");
        }

        var codec = attribute.ConstructorArguments.FirstOrDefault().Value as INamedTypeSymbol;
        if (codec is null or IErrorTypeSymbol)
        {
            return ValueReader.Simple(ValueKind.Unknown, type);
        }

        if (FindProblem(codec) is { } problem)
        {
            return StateValueReader.Unsupported(type, $"whose codec '{codec.Name}' {problem}");
        }

        if (Writes(codec, type))
        {
            return ValueReader.Simple(ValueKind.Codec, type) with
            {
                Codec = TypeReader.Name(codec),
                CodecSchema =
                    $"codec<{SchemaOf(codec)}>{(type.IsReferenceType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ? "?" : "")}",
            };
        }

        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] }
            && Writes(codec, value))
        {
            return new ValueModel(ValueKind.Nullable, TypeReader.Name(type), new([Read(attribute, value)]));
        }

        var name = type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        return StateValueReader.Unsupported(type, $"whose codec '{codec.Name}' does not implement IValueCodec<{name}>");
    }

    private static string? FindProblem(INamedTypeSymbol codec) =>
        codec.IsUnboundGenericType ? "is generic"
        : codec.TypeKind is not (TypeKind.Class or TypeKind.Struct) || codec.IsStatic ? "is not a class or struct"
        : TypeReader.Access(codec) > TypeAccess.Internal ? "cannot be accessed by generated code: make it internal"
        : null;

    private static string SchemaOf(INamedTypeSymbol codec) =>
        codec.GetMembers("Schema")
            .OfType<IPropertySymbol>()
            .FirstOrDefault()?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax
        {
            ExpressionBody.Expression: LiteralExpressionSyntax { Token.Value: string schema },
        }
            ? schema
            : "?" + TypeReader.Name(codec).FullName;

    private static bool Writes(INamedTypeSymbol codec, ITypeSymbol type) => codec.AllInterfaces.Any(contract =>
        contract.IsPenstock(KnownNames.ValueCodec)
            && contract.TypeArguments is [var written]
            && SymbolEqualityComparer.Default.Equals(written, type));
}
