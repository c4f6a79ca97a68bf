using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>Writes rows of one type as messages. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMessageWriter<T>
{
    /// <summary>The names of the headers, by header number.</summary>
    static abstract string[] Headers { get; }

    /// <summary>Appends the key.</summary>
    /// <param name="output">The output buffer.</param>
    /// <param name="row">The row to write.</param>
    /// <returns><c>false</c> if the message has no key; nothing was appended then.</returns>
    static abstract bool WriteKey(Utf8Buffer output, in T row);

    /// <summary>Appends the value.</summary>
    /// <param name="output">The output buffer.</param>
    /// <param name="row">The row to write.</param>
    /// <param name="kind">The row kind in a changelog.</param>
    /// <returns><c>false</c> if the value is null; nothing was appended then.</returns>
    static abstract bool WriteValue(Utf8Buffer output, in T row, RowKind kind);

    /// <summary>Appends the value of a header.</summary>
    /// <param name="output">The output buffer.</param>
    /// <param name="header">The number of the header.</param>
    /// <param name="row">The row to write.</param>
    /// <returns><c>false</c> if the message has no such header; nothing was appended then.</returns>
    static abstract bool WriteHeader(Utf8Buffer output, int header, in T row);

    /// <summary>Returns additional headers whose names depend on the row.</summary>
    /// <param name="row">The row to write.</param>
    /// <returns>The headers, or null for none.</returns>
    static virtual IReadOnlyList<MessageHeader>? AdditionalHeaders(in T row) => null;

    /// <summary>Returns the timestamp of the message.</summary>
    /// <param name="row">The row to write.</param>
    /// <returns>Milliseconds since the Unix epoch, or null for the time of sending.</returns>
    static abstract long? TimestampOf(in T row);
}
