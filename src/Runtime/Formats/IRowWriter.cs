using System.ComponentModel;

namespace Penstock.Formats;

/// <summary>Writes rows of one type as UTF-8 text. Implemented by generated code.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IRowWriter<T>
{
    /// <summary>What every file begins with, its line end included; empty in formats without a header.</summary>
    static abstract ReadOnlySpan<byte> Header { get; }

    /// <summary>Appends a row with its line end.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="row">The row to write.</param>
    /// <param name="kind">What it means in a changelog; it is written by formats that have a place for it.</param>
    static abstract void Write(Utf8Buffer output, in T row, RowKind kind);
}
