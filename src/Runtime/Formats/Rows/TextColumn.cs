using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>A column of a row type, as the readers of text formats need to know it.</summary>
/// <param name="name">The name in headers and JSON objects.</param>
/// <param name="isRead">Whether the column is parsed. One that nothing reads may be missing and may hold anything.</param>
/// <param name="isNullable">Whether the column may be null.</param>
/// <param name="isOptional">Whether a file or an object may lack the column, although it is parsed.</param>
/// <param name="isTree">Whether the column holds any JSON.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TextColumn(string name, bool isRead = true, bool isNullable = false, bool isOptional = false, bool isTree = false)
{
    /// <summary>The name in headers and JSON objects.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the column is parsed.</summary>
    public bool IsRead { get; } = isRead;

    /// <summary>Whether the column may be null.</summary>
    public bool IsNullable { get; } = isNullable;

    /// <summary>Whether a file or an object may lack the column, although it is parsed.</summary>
    public bool IsOptional { get; } = isOptional;

    /// <summary>Whether the column holds any JSON: an object, a list, a dictionary.</summary>
    public bool IsTree { get; } = isTree;

    internal bool IsRequired => IsRead && !IsNullable && !IsOptional;
}
