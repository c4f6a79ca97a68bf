using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>What holds the rows.</summary>
internal enum RowPlace
{
    /// <summary>A file: all columns are in its text.</summary>
    File,

    /// <summary>A message: some columns may stand beside its value.</summary>
    Message,

    /// <summary>A message whose value is one column.</summary>
    RawMessage,
}

/// <summary>Reads the columns of a row type, and how a row is made from them.</summary>
internal static class RowReader
{
    /// <summary>The metadata name of the value itself.</summary>
    public const string RawValue = "value";

    public static RowDeclaration Read(ITypeSymbol row, RowPlace place, ColumnNaming naming, Compilation compilation, ISymbol within)
    {
        var shape = RowShape.Of(row, compilation, within);
        var columns = new List<ColumnModel>();
        var members = new List<ISymbol>();
        string? unsupported = null;
        string? leftOut = null;
        string? badFormat = null;
        string? badUnit = null;
        string? unknownUnit = null;
        var useless = new List<UselessFormat>();
        var badNaming = Enum.IsDefined(typeof(ColumnNaming), naming) ? null : ((int)naming).ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var source in shape.Columns)
        {
            if (place == RowPlace.RawMessage && source is { Metadata: null, Setter.IsRequired: false })
            {
                // The value of the message is the member that the constructor takes.
                continue;
            }

            // A policy that is none is an error of its own, and the names do not matter then.
            var column = ReadColumn(source, place, badNaming == null ? naming : ColumnNaming.CamelCase);
            if (column == null)
            {
                var text = $"{row.Name}.{source.Member.Name}: {source.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}";
                if (source is { IsOptional: true, Setter: not null })
                {
                    // A member of another assembly cannot be marked there.
                    leftOut ??= source.Member.DeclaringSyntaxReferences.IsEmpty ? null : text;
                }
                else
                {
                    unsupported ??= text;
                }

                continue;
            }

            if (source.Column?.IsGiven("Format") == true && (column.Format == null || !TakesFormat(column.Kind)))
            {
                badFormat ??= $"{row.Name}.{source.Member.Name}";
            }

            if (source.Column?.IsGiven("Unit") == true)
            {
                if (column.Format != null || column.Kind is not (ColumnKind.DateTime or ColumnKind.DateTimeOffset))
                {
                    badUnit ??= $"{row.Name}.{source.Member.Name}";
                }
                else if (column.Unit == null)
                {
                    unknownUnit ??= $"{row.Name}.{source.Member.Name}";
                }
            }

            if (column.Format is { Length: > 0 } format && TimeFormats.Try(column.Kind, format) is var fault and not FormatFault.None)
            {
                useless.Add(new UselessFormat(source.Member.Name, column.Kind.ToString(), format, fault));
            }

            columns.Add(column);
            members.Add(source.Member);
        }

        var duplicate = columns.Where(static column => column.Metadata == null).GroupBy(static column => column.Name).FirstOrDefault(static group => group.Count() > 1 || group.Key.Length == 0)?.Key;
        return new RowDeclaration(
            new RowModel(TypeReader.Name(row), TypeReader.Escape(row.Name), columns.ToEquatableArray(), shape.Construction ?? RowConstruction.Initializer, row.IsValueType || row.IsRecord)
            {
                IsValue = row.IsValueType,
                Needs = unsupported == null && row is INamedTypeSymbol named ? NeedsAnalysis.Of(named, shape.Constructor, members) : RowNeeds.Everything,
            },
            shape.Construction != null,
            unsupported,
            duplicate,
            badFormat)
        {
            BadUnit = badUnit,
            UnknownUnit = unknownUnit,
            LeftOut = leftOut,
            Unset = UnsetMembers.Find(row, shape, compilation, within) is { } unset ? $"{row.Name}.{unset.Name}" : null,
            UselessFormats = useless.ToEquatableArray(),
            BadNaming = badNaming,
        };
    }

    private static ColumnModel? ReadColumn(ColumnSource source, RowPlace place, ColumnNaming naming)
    {
        var type = source.Type;
        var metadata = place == RowPlace.File ? null : source.Metadata ?? (place == RowPlace.RawMessage ? RawValue : null);
        var nullable = type.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapped)
        {
            type = wrapped.TypeArguments[0];
            nullable = true;
        }

        var isEnum = type.TypeKind == TypeKind.Enum;
        var kind = isEnum ? ColumnKind.Enum
            : ValueReader.Scalar(type) is { } scalar && Enum.TryParse<ColumnKind>(scalar.ToString(), out var simple) ? simple
            : metadata != null && type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte, Rank: 1 } ? ColumnKind.Bytes
            : (ColumnKind?)null;
        if (kind == null || TypeReader.Access(type) > TypeAccess.Private)
        {
            return null;
        }

        return new ColumnModel(
            source.Member.Name,
            source.Column?.Text("name") ?? Naming.NameOf(source.Member.Name, naming),
            kind.Value,
            nullable,
            TypeReader.Read(source.Type).Declared,
            source.Column?.Text("Format"),
            IsRead: true,
            isEnum ? type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.IsConst).Select(static field => field.Name).ToEquatableArray() : EquatableArray<string>.Empty)
        {
            Metadata = metadata,
            Unit = source.Column == null ? null : TimeUnits.Read(source.Column),
            IsOptional = source.IsOptional && metadata != RawValue,
            Default = source.Default,
            Setter = source.Setter,
            IsArgument = source.IsArgument,
        };
    }

    private static bool TakesFormat(ColumnKind kind) =>
        kind is ColumnKind.DateTime or ColumnKind.DateTimeOffset or ColumnKind.DateOnly or ColumnKind.TimeOnly or ColumnKind.TimeSpan;
}
