using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>A column of a row type for readers of text formats.</summary>
/// <param name="name">The name in headers and JSON objects.</param>
/// <param name="isRead"><c>true</c> if the column is parsed. A column that nothing reads may be missing or have any content.</param>
/// <param name="isNullable"><c>true</c> if the column may be null.</param>
/// <param name="isOptional"><c>true</c> if a file or an object may lack the column although it is parsed.</param>
/// <param name="isTree"><c>true</c> if the column contains any JSON.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TextColumn(string name, bool isRead = true, bool isNullable = false, bool isOptional = false, bool isTree = false)
{
    /// <summary>The name in headers and JSON objects.</summary>
    public string Name { get; } = name;

    /// <summary>Indicates whether the column is parsed.</summary>
    public bool IsRead { get; } = isRead;

    /// <summary>Indicates whether the column may be null.</summary>
    public bool IsNullable { get; } = isNullable;

    /// <summary>Indicates whether a file or an object may lack the column, although it is parsed.</summary>
    public bool IsOptional { get; } = isOptional;

    /// <summary>Indicates whether the column contains any JSON: an object, a list, a dictionary.</summary>
    public bool IsTree { get; } = isTree;

    internal bool IsRequired => IsRead && !IsNullable && !IsOptional;
}
