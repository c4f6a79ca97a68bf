using Microsoft.CodeAnalysis;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Declarations.Rows;

/// <summary>The container of the rows.</summary>
internal enum RowPlace
{
    /// <summary>A file: all columns are in its text.</summary>
    File,

    /// <summary>A message: some columns may be outside of its value.</summary>
    Message,

    /// <summary>A message whose value is one column.</summary>
    RawMessage,
}

/// <summary>Reads the columns of a row type, and how rows are created from them.</summary>
internal static class RowReader
{
    /// <param name="naming">The naming policy for the columns of the row, or of the objects inside it.</param>
    public static RowDeclaration Read(
        ITypeSymbol row,
        RowPlace place,
        Func<ITypeSymbol, ColumnNaming> naming,
        Compilation compilation,
        ISymbol within)
    {
        var types = new ColumnReader(naming, compilation, within);
        var shape = RowShape.Of(row, compilation, within);
        var model = types.Read(row, shape, place, row.Name, out var unsupported);
        return new RowDeclaration(
            model with { Nested = types.Nested.ToEquatableArray() },
            shape.Construction != null,
            unsupported,
            types.Faults.Duplicate,
            types.Faults.BadFormat)
        {
            BadUnit = types.Faults.BadUnit,
            UnknownUnit = types.Faults.UnknownUnit,
            LeftOut = types.Faults.LeftOut,
            NotConstructible = types.Faults.NotConstructible,
            Columnless = shape.Columns.Count == 0 ? ColumnlessOf(row) : null,
            Unset = UnsetMembers.Find(row, shape, compilation, within) is { } unset ? $"{row.Name}.{unset.Name}" : null,
            UselessFormats = types.Faults.UselessFormats.ToEquatableArray(),
            BadNaming = types.Faults.BadNaming,
        };
    }

    // Why members that look like columns are not columns.
    private static string? ColumnlessOf(ITypeSymbol row)
    {
        if (row is not INamedTypeSymbol { TypeKind: TypeKind.Struct or TypeKind.Class, IsTupleType: false }
            || ValueReader.Scalar(row) != null)
        {
            return null;
        }

        var members = row.GetMembers()
            .Where(static member => member is { IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Public }
                and (IPropertySymbol { IsIndexer: false } or IFieldSymbol))
            .ToList();
        return members.Count == 0 ? null
            : members.Find(static member => !RowShape.IsIgnored(member))
                is not { } member ? "all of its members have [Column(Ignore = true)]"
            : $"member '{member.Name}' is not a column, because it has no public setter, and no constructor takes it whose parameters "
                + $"all match members by {(row.IsRecord ? "exact name" : "name")} and type";
    }
}
