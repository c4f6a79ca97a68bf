using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>
/// Writes the fields of one CSV row (RFC 4180). Quotes are used only where needed: if a field contains a delimiter, a quote or a line
/// break, begins or ends with a space, or is an empty string in a column that may be null (null is the empty field) or that is the only
/// one.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct CsvRowWriter
{
    private const byte Delimiter = (byte)',';

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private readonly Utf8Buffer _output;
    private readonly int _start;
    private bool _endsWithNull;
    private int _tree;

    /// <summary>Starts a row.</summary>
    /// <param name="output">The output buffer.</param>
    public CsvRowWriter(Utf8Buffer output)
    {
        _output = output;
        _start = output.Length;
    }

    /// <summary>Writes the kind of the row in a changelog, as the first field.</summary>
    /// <param name="kind">The row kind.</param>
    public readonly void Op(RowKind kind)
    {
        _output.Append(ChangeOp.Of(kind));
        _output.Append(Delimiter);
    }

    /// <summary>Writes a value in its default format: ISO 8601 for dates and times, the name for enums, invariant for numbers.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value.</param>
    public readonly void Write<T>(T value)
        where T : struct
    {
        if (typeof(T) == typeof(char))
        {
            WriteText([Unsafe.As<T, char>(ref value)]);
            return;
        }

        if (typeof(T).IsEnum)
        {
            TextFormats.Write(_output, value);
            _output.Append(Delimiter);
            return;
        }

        var room = _output.GetSpan(TextFormats.MaxLength + 1);
        Delimit(room, TextFormats.Format(room, value));
    }

    /// <summary>Writes a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">DateTime, DateTimeOffset, DateOnly or TimeOnly.</typeparam>
    /// <param name="value">The value; it is written as UTC.</param>
    /// <param name="format">The .NET format string.</param>
    public readonly void WriteIso<T>(T value, string format)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(format);
        var room = _output.GetSpan(TextFormats.MaxLength + 1);
        Delimit(room, TextFormats.FormatIso(room, value, format));
    }

    /// <summary>Writes a date or time in an ISO 8601 format without an offset, or an empty field for null.</summary>
    /// <typeparam name="T">DateTime, DateTimeOffset, DateOnly or TimeOnly.</typeparam>
    /// <param name="value">The value, or null; it is written as UTC.</param>
    /// <param name="format">The .NET format string.</param>
    public void WriteNullableIso<T>(T? value, string format)
        where T : struct
    {
        if (value.HasValue)
        {
            WriteIso(value.GetValueOrDefault(), format);
        }
        else
        {
            WriteNull();
        }
    }

    /// <summary>Writes a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value; a local DateTime is converted to UTC.</param>
    /// <param name="format">The .NET format string.</param>
    public readonly void Write<T>(T value, string format)
        where T : struct
    {
        var start = _output.Length;
        TextFormats.Write(_output, value, format);
        if (_output.Written[start..].IndexOfAny(",\"\r\n"u8) >= 0)
        {
            Requote(start);
        }

        _output.Append(Delimiter);
    }

    /// <summary>Writes a value, or an empty field for null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value, or null.</param>
    public void WriteNullable<T>(T? value)
        where T : struct
    {
        if (value.HasValue)
        {
            Write(value.GetValueOrDefault());
        }
        else
        {
            WriteNull();
        }
    }

    /// <summary>Writes a date or time in a custom format, or an empty field for null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value, or null.</param>
    /// <param name="format">The .NET format string.</param>
    public void WriteNullable<T>(T? value, string format)
        where T : struct
    {
        if (value.HasValue)
        {
            Write(value.GetValueOrDefault(), format);
        }
        else
        {
            WriteNull();
        }
    }

    /// <summary>Writes an instant as a whole number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="value">The instant; a local DateTime is converted to UTC.</param>
    /// <param name="unit">The unit of the number.</param>
    public void Write<T>(T value, TimeUnit unit)
        where T : struct
    {
        EpochText.Write(_output, value, unit);
        _output.Append(Delimiter);
    }

    /// <summary>Writes an instant as a whole number of units since the Unix epoch, or an empty field for null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="value">The instant, or null.</param>
    /// <param name="unit">The unit of the number.</param>
    public void WriteNullable<T>(T? value, TimeUnit unit)
        where T : struct
    {
        if (value.HasValue)
        {
            Write(value.GetValueOrDefault(), unit);
        }
        else
        {
            WriteNull();
        }
    }

    /// <summary>Writes a string.</summary>
    /// <param name="value">The string. Null, which a non-nullable column should not contain, is written as empty.</param>
    public readonly void WriteText(string? value) => WriteText(value.AsSpan());

    /// <summary>Writes a string, or an empty field for null. The empty string is written as two quotes.</summary>
    /// <param name="value">The string, or null.</param>
    public void WriteNullableText(string? value)
    {
        if (value == null)
        {
            WriteNull();
            return;
        }

        if (value.Length == 0)
        {
            _output.Append("\"\""u8);
        }

        WriteText(value.AsSpan());
    }

    /// <summary>Writes bytes in Base64.</summary>
    /// <param name="value">The bytes. Null, which a non-nullable column should not contain, is written as empty.</param>
    public readonly void WriteBytes(byte[]? value)
    {
        TextFormats.WriteBase64(_output, value);
        _output.Append(Delimiter);
    }

    /// <summary>Writes bytes in Base64, or an empty field for null. An empty array is written as two quotes.</summary>
    /// <param name="value">The bytes, or null.</param>
    public void WriteNullableBytes(byte[]? value)
    {
        if (value == null)
        {
            WriteNull();
            return;
        }

        if (value.Length == 0)
        {
            _output.Append("\"\""u8);
        }

        WriteBytes(value);
    }

    /// <summary>Starts a JSON field. <see cref="EndTree"/> ends it.</summary>
    /// <returns>The JSON writer.</returns>
    public JsonRowWriter Tree()
    {
        _tree = _output.Length;
        return new JsonRowWriter(_output);
    }

    /// <summary>Ends a JSON field; null is written as an empty field.</summary>
    public void EndTree()
    {
        var text = _output.Written[_tree..];
        if (text.SequenceEqual("null"u8))
        {
            _output.Advance(-text.Length);
            WriteNull();
            return;
        }

        if (text.IndexOfAny(",\"\r\n"u8) >= 0)
        {
            Requote(_tree);
        }

        _output.Append(Delimiter);
    }

    /// <summary>Ends the row.</summary>
    public readonly void EndRow()
    {
        // In a file with one column an empty line is null, so an empty string needs quotes.
        if (_output.Length == _start + 1 && !_endsWithNull)
        {
            _output.Text[_start] = (byte)'"';
            _output.Append("\"\n"u8);
            return;
        }

        _output.Text[^1] = (byte)'\n';
    }

    private void WriteNull()
    {
        _endsWithNull = true;
        _output.Append(Delimiter);
    }

    // Adds the delimiter after a field that is already in the buffer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Delimit(Span<byte> room, int length)
    {
        room[length] = Delimiter;
        _output.Advance(length + 1);
    }

    private readonly void WriteText(ReadOnlySpan<char> text)
    {
        var room = _output.GetSpan(text.Length + 1);
        if (PlainText.TryCopy(text, room, (char)Delimiter) && (text.IsEmpty || (text[0] != ' ' && text[^1] != ' ')))
        {
            Delimit(room, text.Length);
        }
        else
        {
            WriteOther(text);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void WriteOther(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny(Special) < 0 && (text.IsEmpty || (text[0] != ' ' && text[^1] != ' ')))
        {
            TextFormats.Write(_output, text);
        }
        else
        {
            var start = _output.Length;
            TextFormats.Write(_output, text);
            Requote(start);
        }

        _output.Append(Delimiter);
    }

    // Encloses everything written since `start` in quotes, from end to start, so that it works in place.
    private readonly void Requote(int start)
    {
        var length = _output.Length - start;
        var quotes = _output.Written[start..].Count((byte)'"');
        _output.GetSpan(quotes + 2);
        _output.Advance(quotes + 2);
        var text = _output.Text;
        var at = text.Length - 1;
        text[at--] = (byte)'"';
        for (var i = start + length - 1; i >= start; i--)
        {
            var c = text[i];
            text[at--] = c;
            if (c == (byte)'"')
            {
                text[at--] = c;
            }
        }

        text[at] = (byte)'"';
    }
}
