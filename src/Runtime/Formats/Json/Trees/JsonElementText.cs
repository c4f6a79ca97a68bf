using System.Text;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>
/// Writes the text of a <see cref="JsonElement"/> on one line. A program can parse text that is not valid for the readers of files and
/// messages: comments, trailing commas, unpaired surrogates and invalid UTF-8.
/// </summary>
internal static class JsonElementText
{
    // Trailing commas are accepted too, so that no exception is needed to find them.
    private static readonly JsonReaderOptions Finding = new()
    {
        CommentHandling = JsonCommentHandling.Allow,
        AllowTrailingCommas = true,
        MaxDepth = int.MaxValue,
    };

    private static readonly JsonReaderOptions Skipping = Finding with { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Determines whether the text of an element is valid for every reader, and on one line.</summary>
    public static bool CanBeCopied(ReadOnlySpan<byte> json) =>
        !json.ContainsAnyInRange((byte)0, (byte)0x1F) && IsStrict(json) && JsonTexts.AreValid(json);

    /// <summary>Determines whether an element is nested deeper than a number of levels.</summary>
    public static bool IsDeeperThan(ReadOnlySpan<byte> json, int levels)
    {
        // If the number of all brackets is within the limit, including those in strings, the nesting cannot be too deep.
        if (json.Count((byte)'[') + json.Count((byte)'{') <= levels)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, Skipping);
        while (reader.Read())
        {
            // The depth at an opening bracket is that outside of it.
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= levels)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Writes an element token by token, without white space, comments and trailing commas. Unpaired surrogates and invalid UTF-8 are
    /// written as U+FFFD.
    /// </summary>
    public static void Rewrite(Utf8Buffer output, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Skipping);
        var needsComma = false;
        while (reader.Read())
        {
            var isEnd = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
            if (needsComma && !isEnd)
            {
                output.Append((byte)',');
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                output.Append((byte)'"');
                WriteText(output, reader.ValueSpan);
                output.Append((byte)'"');
            }
            else
            {
                output.Append(reader.ValueSpan);
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                output.Append((byte)':');
            }

            needsComma = isEnd || reader.TokenType
                is not (JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.PropertyName);
        }
    }

    // Only text with a slash may have comments, and only text with a comma before a closing bracket may have trailing commas. Both are
    // also possible in strings.
    private static bool IsStrict(ReadOnlySpan<byte> json)
    {
        if (!json.Contains((byte)'/') && !HasCommaAtEnd(json))
        {
            return true;
        }

        var reader = new Utf8JsonReader(json, Finding);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.Comment
                || (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject
                    && IsAfterComma(json[..(int)reader.TokenStartIndex])))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasCommaAtEnd(ReadOnlySpan<byte> json)
    {
        for (var start = 0; json[start..].IndexOfAny((byte)']', (byte)'}') is >= 0 and var length; start += length + 1)
        {
            if (IsAfterComma(json[..(start + length)]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAfterComma(ReadOnlySpan<byte> before) => before.TrimEnd((byte)' ') is [.., (byte)','];

    private static void WriteText(Utf8Buffer output, ReadOnlySpan<byte> text)
    {
        while (text.Length > 0)
        {
            if (text[0] == (byte)'\\')
            {
                output.Append(JsonTexts.TryEscape(text, out var length) ? text[..length] : "\ufffd"u8);
                text = text[length..];
                continue;
            }

            var escape = text.IndexOf((byte)'\\');
            var plain = escape < 0 ? text : text[..escape];
            output.Append(TextValues.IsValidUtf8(plain) ? plain : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(plain)));
            text = text[plain.Length..];
        }
    }
}
