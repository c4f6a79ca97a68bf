using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

/// <summary>Reads scalars, enums, nullables and tuples: all possible keys, and the leaves of state.</summary>
internal static class ValueReader
{
    /// <summary>The value of a key.</summary>
    public static ValueModel Read(ITypeSymbol type) => ReadPlain(type, Read) ?? Simple(ValueKind.Unsupported, type);

    /// <summary>The value of a type; null if it cannot be a key.</summary>
    /// <param name="readPart">Reads the parts of nullables and tuples.</param>
    public static ValueModel? ReadPlain(ITypeSymbol type, Func<ITypeSymbol, ValueModel> readPart)
    {
        if (Scalar(type) is { } scalar)
        {
            return Simple(scalar, type);
        }

        if (type is not INamedTypeSymbol named)
        {
            return null;
        }

        if (named.TypeKind == TypeKind.Enum)
        {
            return new ValueModel(ValueKind.Enum, TypeReader.Name(type), new([Read(named.EnumUnderlyingType!)]));
        }

        if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return new ValueModel(ValueKind.Nullable, TypeReader.Name(type), new([readPart(named.TypeArguments[0])]));
        }

        return named is { IsTupleType: true, Arity: > 0 and < 8 }
            ? ValueModel.Tuple(named.TupleElements.Select(element => readPart(element.Type)))
            : null;
    }

    public static ValueModel Simple(ValueKind kind, ITypeSymbol type) => new(kind, TypeReader.Name(type), EquatableArray<ValueModel>.Empty);

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
        _ when type is
        {
            ContainingType: null,
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        } => type.Name switch
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
}
