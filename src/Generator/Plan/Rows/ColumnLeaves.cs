using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A column of a row, or of an object inside it, that is not itself an object.</summary>
/// <param name="Column">The column as its declaring type describes it.</param>
/// <param name="Member">The path of members to it, such as <c>Customer.Zip</c>.</param>
/// <param name="Path">The column names on this path.</param>
/// <param name="IsInsideNullable">Whether an object that contains it can be null.</param>
internal sealed record ColumnLeaf(ColumnModel Column, string Member, EquatableArray<string> Path, bool IsInsideNullable)
{
    public bool IsNullable => Column.Nullable || IsInsideNullable;

    /// <summary>Whether it can be stored as a column from which rows can be created.</summary>
    public bool IsColumn => Column.Tree == null && !IsInsideNullable;
}

/// <summary>
/// Splits the objects inside a row into their columns, if a part of them is read. Lists, dictionaries, JSON, polymorphic types and types
/// that contain themselves are not split.
/// </summary>
internal static class ColumnLeaves
{
    /// <summary>The columns in the order of their members.</summary>
    public static IEnumerable<ColumnLeaf> Of(RowModel row) => Of(row, row, "", [], isInsideNullable: false, []);

    /// <summary>The members of the objects in a column; null if the column does not hold objects that are split.</summary>
    public static RowModel? ObjectOf(ColumnModel column, RowModel row) =>
        column.Tree is { Kind: TreeKind.Object, Nested: { } id }
            && row.Nested.First(nested => nested.Id == id) is { Choice: null, Row: var inside } ? inside : null;

    private static IEnumerable<ColumnLeaf> Of(
        RowModel row,
        RowModel type,
        string way,
        IReadOnlyList<string> path,
        bool isInsideNullable,
        IReadOnlyList<TypeName> around)
    {
        foreach (var column in type.Columns)
        {
            var member = way + column.Member;
            IReadOnlyList<string> names = [.. path, column.Name];
            if (column.IsRead && ObjectOf(column, row) is { } inside && !around.Contains(inside.Type))
            {
                foreach (var leaf in Of(row, inside, member + ".", names, isInsideNullable || column.Nullable, [.. around, inside.Type]))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return new ColumnLeaf(column, member, names.ToEquatableArray(), isInsideNullable);
            }
        }
    }
}
