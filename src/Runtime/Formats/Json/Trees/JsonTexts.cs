using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>Handles escapes in JSON strings.</summary>
internal static class JsonTexts
{
    /// <summary>Returns the length in bytes of an escape at this position, or 0 if it is not a valid escape.</summary>
    public static int EscapeLength(ref byte text) => Unsafe.Add(ref text, 1) switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => 2,
        (byte)'u' when IsHex(Unsafe.Add(ref text, 2))
            && IsHex(Unsafe.Add(ref text, 3))
            && IsHex(Unsafe.Add(ref text, 4))
            && IsHex(Unsafe.Add(ref text, 5)) => 6,
        _ => 0,
    };

    /// <summary>Unescapes a string whose escapes are valid. The result is never longer.</summary>
    /// <returns>The length in bytes; negative if the string contains an unpaired surrogate.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> output)
    {
        var count = 0;
        while (true)
        {
            var plain = text.IndexOf((byte)'\\');
            var run = plain < 0 ? text : text[..plain];
            run.CopyTo(output[count..]);
            count += run.Length;
            if (plain < 0)
            {
                return count;
            }

            text = text[plain..];
            if (text[1] == (byte)'u')
            {
                var character = Hex(text[2..]);
                text = text[6..];
                if (char.IsHighSurrogate(character) && text.Length >= 6 && text.StartsWith("\\u"u8) && char.IsLowSurrogate(Hex(text[2..])))
                {
                    count += new System.Text.Rune(character, Hex(text[2..])).EncodeToUtf8(output[count..]);
                    text = text[6..];
                }
                else if (char.IsSurrogate(character))
                {
                    return -1;
                }
                else
                {
                    count += new System.Text.Rune(character).EncodeToUtf8(output[count..]);
                }
            }
            else
            {
                output[count++] = text[1] switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    var same => same,
                };
                text = text[2..];
            }
        }
    }

    /// <summary>Determines whether all strings in valid JSON are valid UTF-8 without unpaired surrogates.</summary>
    public static bool AreValid(ReadOnlySpan<byte> json)
    {
        if (!TextValues.IsValidUtf8(json))
        {
            return false;
        }

        // Outside of strings, there are no backslashes.
        while (json.IndexOf((byte)'\\') is >= 0 and var at)
        {
            json = json[at..];
            if (!TryEscape(json, out var length))
            {
                return false;
            }

            json = json[length..];
        }

        return true;
    }

    /// <summary>Finds the end of a valid escape: of both, if it is followed by the other half of its surrogate pair.</summary>
    /// <param name="text">The text, which begins with the escape.</param>
    /// <param name="length">The length in bytes.</param>
    /// <returns><c>false</c> if the escape is an unpaired surrogate.</returns>
    public static bool TryEscape(ReadOnlySpan<byte> text, out int length)
    {
        length = 2;
        if (text[1] != (byte)'u')
        {
            return true;
        }

        length = 6;
        var character = Hex(text[2..]);
        if (!char.IsSurrogate(character))
        {
            return true;
        }

        var next = text[6..];
        if (char.IsLowSurrogate(character) || !next.StartsWith("\\u"u8) || !char.IsLowSurrogate(Hex(next[2..])))
        {
            return false;
        }

        length = 12;
        return true;
    }

    private static bool IsHex(byte digit) => char.IsAsciiHexDigit((char)digit);

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = digits[i];
            value = (value << 4) | (digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)value;
    }
}
