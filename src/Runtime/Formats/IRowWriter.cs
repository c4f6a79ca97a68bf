using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>Writes rows of one type as UTF-8 text. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowWriter<T>
{
    /// <summary>The beginning of every file, including its line break; empty for formats without a header.</summary>
    static abstract ReadOnlySpan<byte> Header { get; }

    /// <summary>Appends a row with its line break.</summary>
    /// <param name="output">The output buffer.</param>
    /// <param name="row">The row to write.</param>
    /// <param name="kind">The row kind in a changelog; written only by formats that have a field for it.</param>
    static abstract void Write(Utf8Buffer output, in T row, RowKind kind);
}
