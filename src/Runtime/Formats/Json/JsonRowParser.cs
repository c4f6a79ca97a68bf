using System.Text;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>Finds the properties of any JSON object: in any order, with escapes, white space and properties that are not columns.</summary>
internal static class JsonRowParser
{
    private const int MaxName = 512;

    // A property that nothing reads may be nested as deep as the length of its line allows. The reader keeps one bit for each level.
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Finds the fields of a line.</summary>
    /// <returns><c>false</c> if the line is not a JSON object; the row then contains the error.</returns>
    public static bool TryParse(byte[] data, int start, int length, TextRow row)
    {
        row.Begin(data);
        var column = -1;
        try
        {
            var reader = new Utf8JsonReader(data.AsSpan(start, length), AnyDepth);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return row.FailRow("the line is not a JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                column = -1;
                column = ColumnOf(ref reader, row.Columns, out var isExact);
                reader.Read();
                if (column >= 0 && row.Columns[column].IsRead && row.TakesName(column, isExact))
                {
                    if (row.Columns[column].IsTree)
                    {
                        SetTree(row, column, ref reader, start);
                        continue;
                    }

                    Set(row, column, ref reader, start);
                }

                reader.Skip();
            }

            // Any text after the object is an error, which the reader detects.
            reader.Read();
            return true;
        }
        catch (JsonException error)
        {
            return row.FailRow(EndsBeforeReturn(data.AsSpan(start, length), (int)(error.BytePositionInLine ?? 0))
                ? CsvLayout.LoneReturn
                : $"the line is not valid JSON (byte {error.BytePositionInLine + 1}): {Reason(error)}");
        }
        catch (InvalidOperationException)
        {
            return row.FailRow(
                "a text in the line is not valid UTF-8, or has half of a surrogate pair (such as \\ud800 alone)",
                column < 0 ? "" : row.Columns[column].Name);
        }
    }

    private static void SetTree(TextRow row, int column, ref Utf8JsonReader reader, int start)
    {
        var at = (int)reader.TokenStartIndex;
        reader.Skip();
        row.Set(column, start + at, (int)reader.BytesConsumed - at, FieldKind.Tree);
    }

    private static void Set(TextRow row, int column, ref Utf8JsonReader reader, int start)
    {
        var at = start + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                row.Set(column, at, 4, FieldKind.Null);
                break;
            case JsonTokenType.String when reader.ValueIsEscaped:
                row.SetUnescaped(column, reader.CopyString(row.Unescape(reader.ValueSpan.Length)));
                break;
            case JsonTokenType.String:
                row.Set(column, at + 1, reader.ValueSpan.Length, FieldKind.Quoted);
                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                row.Set(column, at, reader.ValueSpan.Length, FieldKind.Plain, isToken: true);
                break;
            default:
                row.Set(column, at, 1, FieldKind.Composite);
                break;
        }
    }

    private static int ColumnOf(ref Utf8JsonReader reader, TextColumn[] columns, out bool isExact)
    {
        isExact = true;
        for (var i = 0; i < columns.Length; i++)
        {
            if (reader.ValueTextEquals(columns[i].Name))
            {
                return i;
            }
        }

        isExact = false;
        if (reader.ValueSpan.Length > MaxName)
        {
            return -1;
        }

        var isAscii = !reader.ValueIsEscaped && Ascii.IsValid(reader.ValueSpan);
        Span<char> name = stackalloc char[MaxName];
        name = isAscii ? default : name[..reader.CopyString(name)];
        for (var i = 0; i < columns.Length; i++)
        {
            if (isAscii
                ? Ascii.EqualsIgnoreCase(reader.ValueSpan, columns[i].Name)
                : MemoryExtensions.Equals(name, columns[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    // Determines whether an object ends before a carriage return that is followed by more text, as in files whose lines end with CR only.
    private static bool EndsBeforeReturn(ReadOnlySpan<byte> line, int at)
    {
        var before = line[..Math.Min(at, line.Length)];
        return before[before.TrimEnd(" \t\r"u8).Length..].Contains((byte)'\r');
    }

    /// <summary>Returns the reason why text is not valid JSON.</summary>
    internal static string Reason(JsonException error)
    {
        // The message of the reader ends with a position within the line, which could be mistaken for one in the file.
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }
}
