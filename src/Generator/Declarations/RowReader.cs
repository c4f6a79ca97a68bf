using Microsoft.CodeAnalysis;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Declarations;

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

    public static RowDeclaration Read(ITypeSymbol row, RowPlace place, Compilation compilation, ISymbol within)
    {
        var named = row as INamedTypeSymbol;
        var (sources, construction) = named == null ? ([], null) : FindColumns(named, compilation, within);
        var columns = new List<ColumnModel>();
        string? unsupported = null;
        string? badFormat = null;
        string? badUnit = null;
        string? unknownUnit = null;
        foreach (var source in sources)
        {
            var column = ReadColumn(source, place);
            if (column == null)
            {
                unsupported ??= $"{row.Name}.{source.Member.Name}: {source.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}";
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

            columns.Add(column);
        }

        var duplicate = columns.Where(static column => column.Metadata == null).GroupBy(static column => column.Name).FirstOrDefault(static group => group.Count() > 1 || group.Key.Length == 0)?.Key;
        return new RowDeclaration(
            new RowModel(TypeReader.Name(row), TypeReader.Escape(row.Name), columns.ToEquatableArray(), construction ?? RowConstruction.Initializer, row.IsValueType || row.IsRecord),
            construction != null,
            unsupported,
            duplicate,
            badFormat)
        {
            BadUnit = badUnit,
            UnknownUnit = unknownUnit,
        };
    }

    private static (IReadOnlyList<ColumnSource> Columns, RowConstruction? Construction) FindColumns(INamedTypeSymbol row, Compilation compilation, ISymbol within)
    {
        if (ValueReader.Scalar(row) != null || row.TypeKind is not (TypeKind.Struct or TypeKind.Class) || row.IsTupleType)
        {
            return ([], null);
        }

        if (Positional(row, compilation, within) is { } positional)
        {
            return (positional, row.IsAbstract ? null : RowConstruction.Constructor);
        }

        var members = row.ReadableMembers(compilation, within).Where(member => IsSettable(member, compilation, within)).Reverse().ToList();
        var empty = row.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty && compilation.IsSymbolAccessibleWithin(constructor, within));
        var complete = !row.GetMembers().Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true } && !members.Contains(member, SymbolEqualityComparer.Default));

        // Reversed, so that the members of base classes come first; then the order within each class is put right again.
        var ordered = members.GroupBy(static member => member.ContainingType, SymbolEqualityComparer.Default).SelectMany(static group => group.Reverse());
        return (
            [.. ordered.Select(static member => new ColumnSource(member, member.TypeOfMember()!, member.Attribute(KnownNames.Column), MetadataOf(member)))],
            empty && complete && !row.IsAbstract && members.Count > 0 ? RowConstruction.Initializer : null);
    }

    /// <summary>The parameters of the one constructor whose parameters all are members, as positional records have; or null.</summary>
    private static IReadOnlyList<ColumnSource>? Positional(INamedTypeSymbol row, Compilation compilation, ISymbol within)
    {
        var members = row.ReadableMembers(compilation, within).ToList();
        foreach (var constructor in row.InstanceConstructors.OrderByDescending(static constructor => constructor.Parameters.Length))
        {
            if (constructor.Parameters.IsEmpty || !compilation.IsSymbolAccessibleWithin(constructor, within))
            {
                continue;
            }

            var columns = new List<ColumnSource>();
            foreach (var parameter in constructor.Parameters)
            {
                var member = members.Find(candidate => (candidate.Name == parameter.Name || string.Equals(candidate.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && !row.IsRecord)
                    && SymbolEqualityComparer.Default.Equals(candidate.TypeOfMember(), parameter.Type));
                if (member == null || parameter.RefKind is not (RefKind.None or RefKind.In))
                {
                    break;
                }

                columns.Add(new ColumnSource(member, parameter.Type, parameter.Attribute(KnownNames.Column) ?? member.Attribute(KnownNames.Column), MetadataOf(parameter) ?? MetadataOf(member)));
            }

            if (columns.Count == constructor.Parameters.Length)
            {
                return columns;
            }
        }

        return null;
    }

    private static bool IsSettable(ISymbol member, Compilation compilation, ISymbol within) => member switch
    {
        IPropertySymbol { SetMethod: { } setter } property => property.DeclaredAccessibility == Accessibility.Public && compilation.IsSymbolAccessibleWithin(setter, within),
        IFieldSymbol { IsReadOnly: false, IsConst: false, DeclaredAccessibility: Accessibility.Public } => true,
        _ => false,
    };

    private static ColumnModel? ReadColumn(ColumnSource source, RowPlace place)
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
            source.Column?.Text("name") ?? DefaultName(source.Member.Name),
            kind.Value,
            nullable,
            TypeReader.Read(source.Type).Declared,
            source.Column?.Text("Format"),
            IsRead: true,
            isEnum ? type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.IsConst).Select(static field => field.Name).ToEquatableArray() : EquatableArray<string>.Empty)
        {
            Metadata = metadata,
            Unit = source.Column == null ? null : TimeUnits.Read(source.Column),
        };
    }

    private static string DefaultName(string member) => char.ToLowerInvariant(member[0]) + member.Substring(1);

    private static bool TakesFormat(ColumnKind kind) =>
        kind is ColumnKind.DateTime or ColumnKind.DateTimeOffset or ColumnKind.DateOnly or ColumnKind.TimeOnly or ColumnKind.TimeSpan;

    private static string? MetadataOf(ISymbol member) => member.Attribute(KnownNames.Metadata)?.Text("name");

    private sealed record ColumnSource(ISymbol Member, ITypeSymbol Type, AttributeData? Column, string? Metadata);
}
