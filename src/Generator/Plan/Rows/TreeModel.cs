namespace Penstock.Generator.Plan;

/// <summary>The content of a column whose value has a structure.</summary>
/// <param name="Kind">The kind of content.</param>
/// <param name="Type">The type of the value, without nullability.</param>
/// <param name="IsValue">Whether the type is a struct.</param>
internal sealed record TreeModel(TreeKind Kind, TypeName Type, bool IsValue)
{
    /// <summary>For a list or a dictionary, its items or values, as a column without a name.</summary>
    public ColumnModel? Item { get; init; }

    /// <summary>For an object, the id of its type in <see cref="RowModel.Nested"/>.</summary>
    public string? Nested { get; init; }
}

internal enum TreeKind
{
    /// <summary>An object of a type of the user.</summary>
    Object,
    Array,
    List,

    /// <summary>An object whose property names are keys.</summary>
    Dictionary,

    /// <summary>Raw JSON, as a <c>JsonElement</c>.</summary>
    Element,
}

/// <summary>A type of objects inside rows.</summary>
/// <param name="Id">Its identity: its name, and if only parts of it are read, these parts.</param>
/// <param name="Row">Its members. Objects inside it are referenced by their ids.</param>
internal sealed record NestedRow(string Id, RowModel Row)
{
    /// <summary>Its type discriminator; null if it has only one type.</summary>
    public ChoiceModel? Choice { get; init; }
}
