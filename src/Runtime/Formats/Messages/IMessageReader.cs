using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>Reads rows of one type from messages. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMessageReader<T>
{
    /// <summary>The columns in the value, in declaration order.</summary>
    static abstract TextColumn[] Columns { get; }

    /// <summary>What is read beside the value.</summary>
    static abstract MetadataColumn[] Metadata { get; }

    /// <summary>Reads a row.</summary>
    /// <param name="message">The message; keeps what is wrong with it.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns>Whether all of it could be read.</returns>
    static abstract bool TryRead(MessageFields message, out T row);
}

/// <summary>A column that stands beside the value of a message.</summary>
/// <param name="name">The name that the connector has for it, such as <c>key</c> or <c>header:trace</c>; <c>value</c> for the raw value
/// itself.</param>
/// <param name="isNullable">Whether the column may be null.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MetadataColumn(string name, bool isNullable = false)
{
    /// <summary>The name that the connector has for it.</summary>
    public string Name { get; } = name;

    /// <summary>Whether the column may be null.</summary>
    public bool IsNullable { get; } = isNullable;
}
