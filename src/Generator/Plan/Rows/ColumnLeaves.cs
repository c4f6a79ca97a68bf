using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A column of a row, or of an object inside of it, that is no object itself.</summary>
/// <param name="Column">The column as the type has it that declares it.</param>
/// <param name="Member">The way to it by members, such as <c>Customer.Zip</c>.</param>
/// <param name="Path">The names on the way.</param>
/// <param name="IsInsideNullable">Whether an object around it can be null.</param>
internal sealed record ColumnLeaf(ColumnModel Column, string Member, EquatableArray<string> Path, bool IsInsideNullable)
{
    public bool IsNullable => Column.Nullable || IsInsideNullable;

    /// <summary>Whether it can be handed over as a column, and rows can be made of it.</summary>
    public bool IsColumn => Column.Tree == null && !IsInsideNullable;
}

/// <summary>
/// Takes the objects inside of a row apart, where something of them is read. What is a list, a dictionary, JSON, of several types, or
/// contains itself stays as it is.
/// </summary>
internal static class ColumnLeaves
{
    /// <summary>The columns in the order of their members.</summary>
    public static IEnumerable<ColumnLeaf> Of(RowModel row) => Of(row, row, "", [], isInsideNullable: false, []);

    /// <summary>The members of the objects that a column holds; null where it is no column of objects that are taken apart.</summary>
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
