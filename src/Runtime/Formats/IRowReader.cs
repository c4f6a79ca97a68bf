using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>What the generated readers of all text formats have in common.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowReader<T>
{
    /// <summary>The columns in declaration order.</summary>
    static abstract TextColumn[] Columns { get; }

    /// <summary>Reads a row whose fields have been found one by one: the way of every row that is in any way unusual.</summary>
    /// <param name="fields">The fields of the row; keeps what is wrong with it.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns>Whether all of it could be read.</returns>
    static abstract bool TryRead(TextRow fields, out T row);
}

/// <summary>Reads rows of one type from CSV. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ICsvRowReader<T> : IRowReader<T>
{
    /// <summary>Reads a row whose fields are those of <see cref="IRowReader{T}.Columns"/>, in that order, none of them quoted.</summary>
    /// <param name="cursor">Where the row begins; behind its line end afterwards.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns>False when the row is unusual or wrong: the cursor is then nowhere, and the row is read again field by field.</returns>
    static abstract bool TryRead(ref CsvCursor cursor, out T row);
}

/// <summary>Reads rows of one type from JSON Lines. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonRowReader<T> : IRowReader<T>
{
    /// <summary>
    /// Reads an object whose properties are those of <see cref="IRowReader{T}.Columns"/>, in that order, without escapes.
    /// </summary>
    /// <param name="cursor">Where the row begins; behind its line end afterwards.</param>
    /// <param name="row">The row that was read.</param>
    /// <returns>False when the row is unusual or wrong: the cursor is then nowhere, and the row is read again field by field.</returns>
    static abstract bool TryRead(ref JsonCursor cursor, out T row);
}
