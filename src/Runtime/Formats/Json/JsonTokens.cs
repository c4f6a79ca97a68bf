using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// The grammar of JSON values within a line. The text must be followed by a line break and at least 16 readable bytes, as in row buffers.
/// </summary>
internal static class JsonTokens
{
    /// <summary>Finds the possible ends of a string: quotes, escapes, and control characters such as a line break.</summary>
    /// <returns>One bit per byte, the lowest for the first byte.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Stops(Vector128<byte> block) =>
        (Vector128.Equals(block, Vector128.Create((byte)'"'))
            | Vector128.Equals(block, Vector128.Create((byte)'\\'))
            | Vector128.LessThan(block, Vector128.Create((byte)' '))).ExtractMostSignificantBits();

    /// <summary>Returns the number of bytes before the first stop.</summary>
    public static int TextLength(ref byte text)
    {
        for (var length = 0; ; length += Vector128<byte>.Count)
        {
            var stops = Stops(Vector128.LoadUnsafe(ref Unsafe.Add(ref text, length)));
            if (stops != 0)
            {
                return length + BitOperations.TrailingZeroCount(stops);
            }
        }
    }

    /// <summary>Returns the number of leading characters that can be part of a number or literal.</summary>
    public static int TokenLength(ref byte text)
    {
        var length = 0;
        while ((Unsafe.Add(ref text, length) | 0x20) is >= 'a' and <= 'z'
            || Unsafe.Add(ref text, length) is >= (byte)'0' and <= (byte)'9' or (byte)'.' or (byte)'-' or (byte)'+')
        {
            length++;
        }

        return length;
    }

    /// <summary>Determines whether a number has a leading zero, which JSON does not allow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasLeadingZero(ref byte text)
    {
        var digit = text == (byte)'-' ? 1 : 0;
        return Unsafe.Add(ref text, digit) == (byte)'0' && Unsafe.Add(ref text, digit + 1) is >= (byte)'0' and <= (byte)'9';
    }

    /// <summary>Determines whether the text is a JSON number, <c>true</c> or <c>false</c>.</summary>
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
