namespace Penstock.Generator.Plan;

/// <summary>What a column holds that is more than one value.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Type">The type of what is made, without the mark of what may be null.</param>
/// <param name="IsValue">Whether that is a struct.</param>
internal sealed record TreeModel(TreeKind Kind, TypeName Type, bool IsValue)
{
    /// <summary>Of a list or a dictionary: the items or values, as a column without a name.</summary>
    public ColumnModel? Item { get; init; }

    /// <summary>Of an object: the id of its type among <see cref="RowModel.Nested"/>.</summary>
    public string? Nested { get; init; }
}

internal enum TreeKind
{
    /// <summary>An object of a type of the user's.</summary>
    Object,
    Array,
    List,

    /// <summary>An object whose names are keys.</summary>
    Dictionary,

    /// <summary>JSON as it stands, as a <c>JsonElement</c>.</summary>
    Element,
}

/// <summary>The type of objects inside of rows.</summary>
/// <param name="Id">What tells it from others: its name, and where not all of it is read, what is read of it.</param>
/// <param name="Row">Its members. Objects inside of it are named by their ids.</param>
internal sealed record NestedRow(string Id, RowModel Row)
{
    /// <summary>How its type is told; null where it is always the same.</summary>
    public ChoiceModel? Choice { get; init; }
}
