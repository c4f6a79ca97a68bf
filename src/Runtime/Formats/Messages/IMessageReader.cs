using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Penstock.Formats;

/// <summary>Reads rows of one type from messages. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMessageReader<T>
{
    /// <summary>The columns in the value, in declaration order.</summary>
    static abstract TextColumn[] Columns { get; }

    /// <summary>The metadata columns.</summary>
    static abstract MetadataColumn[] Metadata { get; }

    /// <summary>Reads a row.</summary>
    /// <param name="message">The message; receives the error.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns><c>true</c> if the whole row could be read.</returns>
    static abstract bool TryRead(MessageFields message, [MaybeNullWhen(false)] out T row);
}

/// <summary>A column for a part of a message outside of its value.</summary>
/// <param name="name">
/// The connector's name of the part, such as <c>key</c> or <c>header:trace</c>; <c>value</c> for the raw value itself.
/// </param>
/// <param name="isNullable"><c>true</c> if the column may be null.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MetadataColumn(string name, bool isNullable = false)
{
    /// <summary>The connector's name of the part.</summary>
    public string Name { get; } = name;

    /// <summary>Indicates whether the column may be null.</summary>
    public bool IsNullable { get; } = isNullable;
}
