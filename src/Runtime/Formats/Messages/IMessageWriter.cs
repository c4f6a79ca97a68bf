using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>Writes rows of one type as messages. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMessageWriter<T>
{
    /// <summary>The names of the headers, in the order of their numbers.</summary>
    static abstract string[] Headers { get; }

    /// <summary>Appends the key.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="row">The row to write.</param>
    /// <returns>False when the message has no key; nothing was appended then.</returns>
    static abstract bool WriteKey(Utf8Buffer output, in T row);

    /// <summary>Appends the value.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="row">The row to write.</param>
    /// <param name="kind">What it means in a changelog.</param>
    /// <returns>False when the value is null; nothing was appended then.</returns>
    static abstract bool WriteValue(Utf8Buffer output, in T row, RowKind kind);

    /// <summary>Appends the value of a header.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="header">Its number.</param>
    /// <param name="row">The row to write.</param>
    /// <returns>False when the message has no such header; nothing was appended then.</returns>
    static abstract bool WriteHeader(Utf8Buffer output, int header, in T row);

    /// <summary>Says which headers the message has besides, where their names depend on the row.</summary>
    /// <param name="row">The row to write.</param>
    /// <returns>The headers; null for none.</returns>
    static virtual IReadOnlyList<MessageHeader>? MoreHeaders(in T row) => null;

    /// <summary>The time of the message.</summary>
    /// <param name="row">The row to write.</param>
    /// <returns>Milliseconds since the Unix epoch; null for the time at which it is sent.</returns>
    static abstract long? TimestampOf(in T row);
}
