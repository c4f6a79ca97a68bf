namespace Penstock.Formats;

/// <summary>The grammar of JSON numbers and literals.</summary>
internal static class JsonTokens
{
    /// <summary>Whether the text is a JSON number, true or false.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] is (byte)'t' or (byte)'f')
        {
            return text.SequenceEqual("true"u8) || text.SequenceEqual("false"u8);
        }

        var at = text[0] == (byte)'-' ? 1 : 0;
        var whole = DigitsAt(text, at);
        if (whole == 0 || (whole > 1 && text[at] == (byte)'0'))
        {
            return false;
        }

        at += whole;
        if (at < text.Length && text[at] == (byte)'.')
        {
            var fraction = DigitsAt(text, at + 1);
            if (fraction == 0)
            {
                return false;
            }

            at += 1 + fraction;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = DigitsAt(text, at);
            if (exponent == 0)
            {
                return false;
            }

            at += exponent;
        }

        return at == text.Length;
    }

    private static int DigitsAt(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] is >= (byte)'0' and <= (byte)'9')
        {
            end++;
        }

        return end - at;
    }
}
