using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Says how the values of a type are hashed and written.</summary>
internal static class ValueReader
{
    public static ValueModel Read(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte })
        {
            return Simple(ValueKind.Bytes, type, "bytes");
        }

        if (Scalar(type) is { } scalar)
        {
            return Simple(scalar, type, SchemaOf(scalar));
        }

        if (type is not INamedTypeSymbol named)
        {
            return Simple(ValueKind.Unsupported, type, "?");
        }

        if (named.TypeKind == TypeKind.Enum)
        {
            var integer = Read(named.EnumUnderlyingType!);
            return new ValueModel(ValueKind.Enum, TypeReader.Name(type), integer.Schema, new([integer]));
        }

        if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            var value = Read(named.TypeArguments[0]);
            return new ValueModel(ValueKind.Nullable, TypeReader.Name(type), value.Schema + "?", new([value]));
        }

        if (named.IsTupleType && named.TupleElements.Length < 8)
        {
            return Tuple(named.TupleElements.Select(static element => Read(element.Type)));
        }

        return IsPackable(named)
            ? Simple(ValueKind.Packable, type, "memorypack:" + type.ToDisplayString())
            : Simple(ValueKind.Unsupported, type, "?");
    }

    /// <summary>A value tuple of several values: the key of several members.</summary>
    public static ValueModel Tuple(IEnumerable<ValueModel> items)
    {
        var parts = items.ToEquatableArray();
        return new ValueModel(
            ValueKind.Tuple,
            $"global::System.ValueTuple<{string.Join(", ", parts.Select(static part => part.Type))}>",
            $"({string.Join(",", parts.Select(static part => part.Schema))})",
            parts);
    }

    /// <summary>The path and type of the first part of a value that cannot be written, or null.</summary>
    public static string? FindUnserializable(ValueModel value, string path)
    {
        if (value.Kind == ValueKind.Unsupported)
        {
            return $"{path}: {value.Type.Replace("global::", "")}";
        }

        for (var i = 0; i < value.Parts.Count; i++)
        {
            if (FindUnserializable(value.Parts[i], value.Kind == ValueKind.Tuple ? $"{path}.Item{i + 1}" : path) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    public static ValueKind? Scalar(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean => ValueKind.Boolean,
        SpecialType.System_Char => ValueKind.Char,
        SpecialType.System_SByte => ValueKind.SByte,
        SpecialType.System_Byte => ValueKind.Byte,
        SpecialType.System_Int16 => ValueKind.Int16,
        SpecialType.System_UInt16 => ValueKind.UInt16,
        SpecialType.System_Int32 => ValueKind.Int32,
        SpecialType.System_UInt32 => ValueKind.UInt32,
        SpecialType.System_Int64 => ValueKind.Int64,
        SpecialType.System_UInt64 => ValueKind.UInt64,
        SpecialType.System_Single => ValueKind.Single,
        SpecialType.System_Double => ValueKind.Double,
        SpecialType.System_Decimal => ValueKind.Decimal,
        SpecialType.System_String => ValueKind.String,
        SpecialType.System_DateTime => ValueKind.DateTime,
        _ when type is { ContainingType: null, ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } => type.Name switch
        {
            "DateTimeOffset" => ValueKind.DateTimeOffset,
            "DateOnly" => ValueKind.DateOnly,
            "TimeOnly" => ValueKind.TimeOnly,
            "TimeSpan" => ValueKind.TimeSpan,
            "Guid" => ValueKind.Guid,
            _ => null,
        },
        _ => null,
    };

    private static ValueModel Simple(ValueKind kind, ITypeSymbol type, string schema) =>
        new(kind, TypeReader.Name(type), schema, EquatableArray<ValueModel>.Empty);

    private static string SchemaOf(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Single => "float32",
        ValueKind.Double => "float64",
        _ => kind.ToString().ToLowerInvariant(),
    };

    // MemoryPack's generator does not see ours nor ours its: a type that it will refuse must be refused here, or its
    // missing implementation would surface in generated code.
    private static bool IsPackable(INamedTypeSymbol type) =>
        (type.IsSerializableByMemoryPack()
            && type is { IsAbstract: false, TypeKind: TypeKind.Class or TypeKind.Struct }
            && (type.DeclaringSyntaxReferences.IsEmpty || type.DeclaringSyntaxReferences.All(static reference =>
                reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword))))
        || type.AllInterfaces.Any(contract => contract is { Name: "IMemoryPackable", ContainingNamespace.Name: "MemoryPack" }
            && SymbolEqualityComparer.Default.Equals(contract.TypeArguments[0], type));
}
