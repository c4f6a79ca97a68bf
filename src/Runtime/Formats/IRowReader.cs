using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Penstock.Formats;

/// <summary>The common interface of the generated readers of all text formats.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowReader<T>
{
    /// <summary>The columns, in declaration order.</summary>
    static abstract TextColumn[] Columns { get; }

    /// <summary>Reads a row whose fields were found one by one. Used for every row that is not in the usual form.</summary>
    /// <param name="fields">The fields of the row; receives the error.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns><c>true</c> if the whole row could be read.</returns>
    static abstract bool TryRead(TextRow fields, [MaybeNullWhen(false)] out T row);
}

/// <summary>Reads rows of one type from CSV. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ICsvRowReader<T> : IRowReader<T>
{
    /// <summary>Reads a row whose fields are those of <see cref="IRowReader{T}.Columns"/>, in that order and without quotes.</summary>
    /// <param name="cursor">The cursor at the start of the row; after its line break when the method returns.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns>
    /// <c>false</c> if the row is unusual or wrong: the position of the cursor is then undefined, and the row is read again field by field.
    /// </returns>
    static abstract bool TryRead(ref CsvCursor cursor, [MaybeNullWhen(false)] out T row);
}

/// <summary>Reads rows of one type from JSON Lines. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonRowReader<T> : IRowReader<T>
{
    /// <summary>
    /// Reads an object whose properties are those of <see cref="IRowReader{T}.Columns"/>, in that order and without escapes.
    /// </summary>
    /// <param name="cursor">The cursor at the start of the row; after its line break when the method returns.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns>
    /// <c>false</c> if the row is unusual or wrong: the position of the cursor is then undefined, and the row is read again field by field.
    /// </returns>
    static abstract bool TryRead(ref JsonCursor cursor, [MaybeNullWhen(false)] out T row);
}
