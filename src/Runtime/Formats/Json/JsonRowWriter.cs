using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>
/// Writes the properties of one JSON object without white space. NaN and the infinities, which are not JSON numbers, are written as the
/// strings <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>, which the readers accept.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct JsonRowWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private readonly Utf8Buffer _output;

    // The number of open objects and lists, including the row.
    private readonly int _depth;

    /// <summary>Starts a row.</summary>
    /// <param name="output">The output buffer.</param>
    public JsonRowWriter(Utf8Buffer output)
        : this(output, 1)
    {
    }

    private JsonRowWriter(Utf8Buffer output, int depth) => (_output, _depth) = (output, depth);

    /// <summary>Writes the text before a value.</summary>
    /// <param name="text">A brace or comma, the escaped name in quotes, and a colon.</param>
    public void Name(ReadOnlySpan<byte> text) => _output.Append(text);

    /// <summary>Writes the kind of the row in a changelog, without quotes.</summary>
    /// <param name="kind">The row kind.</param>
    public void Op(RowKind kind) => _output.Append(ChangeOp.Of(kind));

    /// <summary>Writes a value in its default format: ISO 8601 for dates and times, the name for enums.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value.</param>
    public void Write<T>(T value)
        where T : struct
    {
        if (typeof(T) == typeof(char))
        {
            WriteText([Unsafe.As<T, char>(ref value)]);
            return;
        }

        if (IsPlain(value))
        {
            TextFormats.Write(_output, value);
            return;
        }

        _output.Append((byte)'"');
        TextFormats.Write(_output, value);
        _output.Append((byte)'"');
    }

    /// <summary>Writes a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value; a local DateTime is converted to UTC.</param>
    /// <param name="format">The .NET format string.</param>
    public void Write<T>(T value, string format)
        where T : struct
    {
        _output.Append((byte)'"');
        var start = _output.Length;
        TextFormats.Write(_output, value, format);
        var written = _output.Written[start..];
        if (written.IndexOfAny((byte)'"', (byte)'\\') >= 0 || written.ContainsAnyInRange((byte)0, (byte)0x1F))
        {
            var text = System.Text.Encoding.UTF8.GetString(written);
            _output.Advance(start - _output.Length);
            Escape(text);
        }

        _output.Append((byte)'"');
    }

    /// <summary>Writes a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">DateTime, DateTimeOffset, DateOnly or TimeOnly.</typeparam>
    /// <param name="value">The value; it is written as UTC.</param>
    /// <param name="format">The .NET format string.</param>
    public void WriteIso<T>(T value, string format)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(format);
        var room = _output.GetSpan(TextFormats.MaxLength + 2);
        room[0] = (byte)'"';
        var length = TextFormats.FormatIso(room[1..], value, format);
        room[length + 1] = (byte)'"';
        _output.Advance(length + 2);
    }

    /// <summary>Writes a date or time in an ISO 8601 format without an offset, or null.</summary>
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

    /// <summary>Writes a value, or null.</summary>
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

    /// <summary>Writes a date or time in a custom format, or null.</summary>
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
        where T : struct => EpochText.Write(_output, value, unit);

    /// <summary>Writes an instant as a whole number of units since the Unix epoch, or null.</summary>
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
    public void WriteText(string? value) => WriteText(value.AsSpan());

    /// <summary>Writes a string, or null.</summary>
    /// <param name="value">The string, or null.</param>
    public void WriteNullableText(string? value)
    {
        if (value == null)
        {
            WriteNull();
        }
        else
        {
            WriteText(value.AsSpan());
        }
    }

    /// <summary>Writes bytes in Base64.</summary>
    /// <param name="value">The bytes. Null, which a non-nullable column should not contain, is written as empty.</param>
    public void WriteBytes(byte[]? value)
    {
        _output.Append((byte)'"');
        TextFormats.WriteBase64(_output, value);
        _output.Append((byte)'"');
    }

    /// <summary>Writes bytes in Base64, or null.</summary>
    /// <param name="value">The bytes, or null.</param>
    public void WriteNullableBytes(byte[]? value)
    {
        if (value == null)
        {
            WriteNull();
        }
        else
        {
            WriteBytes(value);
        }
    }

    /// <summary>Writes null.</summary>
    public void WriteNull() => _output.Append("null"u8);

    /// <summary>Ends the row.</summary>
    public void EndRow() => _output.Append("}\n"u8);

    /// <summary>Writes the name of a dictionary entry.</summary>
    /// <param name="key">The name.</param>
    /// <param name="isFirst"><c>true</c> for the first entry.</param>
    public void Key(string key, bool isFirst)
    {
        if (!isFirst)
        {
            _output.Append((byte)',');
        }

        WriteText(key);
        _output.Append((byte)':');
    }

    /// <summary>Starts a list, an object or a dictionary.</summary>
    /// <param name="bracket">The opening bracket or brace.</param>
    /// <returns>The writer of its content.</returns>
    /// <exception cref="InvalidOperationException">
    /// The nesting is deeper than <see cref="JsonTreeReader.MaxDepth"/> levels: the JSON could not be read, and may be infinite.
    /// </exception>
    public JsonRowWriter Begin(char bracket)
    {
        if (_depth >= JsonTreeReader.MaxDepth)
        {
            throw new InvalidOperationException(
                $"The row is nested deeper than {JsonTreeReader.MaxDepth} levels; perhaps an object contains itself.");
        }

        _output.Append((byte)bracket);
        return new JsonRowWriter(_output, _depth + 1);
    }

    /// <summary>Writes a bracket or a comma.</summary>
    /// <param name="character">The character.</param>
    public void Mark(char character) => _output.Append((byte)character);

    /// <summary>Writes any JSON value on one line, so that every reader accepts it.</summary>
    /// <param name="value">
    /// The JSON value; an undefined one is written as null. Comments and trailing commas are left out, and unpaired surrogates and invalid
    /// UTF-8 in its strings are written as U+FFFD.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The nesting is deeper than <see cref="JsonTreeReader.MaxDepth"/> levels: the JSON could not be read.
    /// </exception>
    public void WriteElement(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            WriteNull();
            return;
        }

        var text = JsonMarshal.GetRawUtf8Value(value);
        if (JsonElementText.IsDeeperThan(text, JsonTreeReader.MaxDepth))
        {
            throw new InvalidOperationException(
                $"A JsonElement is nested deeper than {JsonTreeReader.MaxDepth} levels: it could not be read back.");
        }

        if (JsonElementText.CanBeCopied(text))
        {
            _output.Append(text);
        }
        else
        {
            JsonElementText.Rewrite(_output, text);
        }
    }

    /// <summary>Writes any JSON value on one line, or null.</summary>
    /// <param name="value">The JSON value, or null.</param>
    public void WriteNullableElement(JsonElement? value) => WriteElement(value.GetValueOrDefault());

    private static bool IsPlain<T>(T value)
        where T : struct
    {
        if (typeof(T) == typeof(double))
        {
            return double.IsFinite(Unsafe.As<T, double>(ref value));
        }

        if (typeof(T) == typeof(float))
        {
            return float.IsFinite(Unsafe.As<T, float>(ref value));
        }

        if (typeof(T).IsEnum)
        {
            return EnumText<T>.NameOf(value).IsEmpty;
        }

        return typeof(T).IsPrimitive || typeof(T) == typeof(decimal);
    }

    private void WriteText(ReadOnlySpan<char> text)
    {
        var room = _output.GetSpan(text.Length + 2);
        if (PlainText.TryCopy(text, room[1..], '"'))
        {
            room[0] = (byte)'"';
            room[text.Length + 1] = (byte)'"';
            _output.Advance(text.Length + 2);
            return;
        }

        _output.Append((byte)'"');
        if (text.IndexOfAny(Special) < 0)
        {
            TextFormats.Write(_output, text);
        }
        else
        {
            Escape(text);
        }

        _output.Append((byte)'"');
    }

    private void Escape(ReadOnlySpan<char> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
            {
                TextFormats.Write(_output, text);
                return;
            }

            TextFormats.Write(_output, text[..plain]);
            var c = text[plain];
            switch (c)
            {
                case '"' or '\\':
                    _output.Append((byte)'\\');
                    _output.Append((byte)c);
                    break;
                case '\n':
                    _output.Append("\\n"u8);
                    break;
                case '\r':
                    _output.Append("\\r"u8);
                    break;
                case '\t':
                    _output.Append("\\t"u8);
                    break;
                default:
                    _output.Append("\\u00"u8);
                    _output.Append((byte)('0' + (c >> 4)));
                    _output.Append((byte)"0123456789abcdef"[c & 15]);
                    break;
            }

            text = text[(plain + 1)..];
        }
    }
}
