using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Formats;

/// <summary>
/// Reads decimal digits eight at a time. The text must be followed by at least 16 readable bytes and a character that is not a digit; row
/// buffers have a line break after the row, and slack.
/// </summary>
internal static class Digits
{
    private const ulong Zeros = 0x3030303030303030;
    private const ulong HighBits = 0x8080808080808080;

    /// <summary>Loads eight bytes, the first one lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ref byte text)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref text);
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    /// <summary>Reads all digits at the start of the text.</summary>
    /// <returns>The number of digits, or 0 if there are none or the number does not fit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte text, out ulong value)
    {
        // A digit minus '0' is at most 9, so adding 0x76 leaves the high bit clear only for digits.
        var digits = Load(ref text) ^ Zeros;
        var length = BitOperations.TrailingZeroCount(((digits + 0x7676767676767676) | digits) & HighBits) >> 3;
        if ((uint)(length - 1) < 7)
        {
            value = Combine(digits << ((8 - length) * 8));
            return length;
        }

        return ReadMany(ref text, out value);
    }

    /// <summary>Parses <c>[-]digits</c> of at most eight bytes in total, without branches on sign or length.</summary>
    /// <returns><c>false</c> if the text is longer, empty, or not a whole number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseShort(ref byte text, int length, out long value)
    {
        var word = Load(ref text);
        var sign = (byte)word == (byte)'-' ? 1 : 0;

        // The sign counts as a leading zero; bytes after the text are shifted out.
        var digits = ((word ^ Zeros) & ~(0xFFUL * (uint)sign)) << ((8 - length) * 8);
        value = (long)Combine(digits);
        value = (value ^ -sign) + sign;
        return (uint)(length - 1 - sign) < (uint)(8 - sign) && (((digits + 0x7676767676767676) | digits) & HighBits) == 0;
    }

    /// <summary>Parses a whole number of any length; nine to sixteen digits in two steps.</summary>
    /// <returns><c>false</c> if the text is not a whole number that fits.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool TryParse(ref byte text, int length, out long value)
    {
        var sign = text == (byte)'-' ? 1 : 0;
        ref var digits = ref Unsafe.Add(ref text, sign);
        var count = length - sign;
        if (count is < 9 or > 16)
        {
            return TextValues.TryParse(MemoryMarshal.CreateReadOnlySpan(ref text, length), out value);
        }

        var isWhole = TryParseShort(ref digits, count - 8, out var high)
            & TryParseShort(ref Unsafe.Add(ref digits, count - 8), 8, out var low);
        value = high * 100_000_000 + low;
        value = (value ^ -sign) + sign;

        // A sign in the middle would otherwise be parsed as the sign of the second part.
        return isWhole && digits != (byte)'-' && Unsafe.Add(ref digits, count - 8) != (byte)'-';
    }

    // Combines eight digit values, the first one lowest, to a number: in pairs, then in fours, then all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Combine(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        return (((digits & 0x000000FF000000FF) * 0x000F424000000064)
            + (((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadMany(ref byte text, out ulong value)
    {
        value = 0;
        for (var i = 0; ; i++)
        {
            var digit = (uint)Unsafe.Add(ref text, i) - '0';
            if (digit > 9)
            {
                return i;
            }

            if (value > (ulong.MaxValue - digit) / 10)
            {
                return 0;
            }

            value = value * 10 + digit;
        }
    }

    /// <summary>Reads <c>[-]digits[.digits]</c> with at most 18 digits in total.</summary>
    /// <returns>The number of bytes, or 0 if the text begins differently or continues with an exponent.</returns>
    public static int ReadScaled(ref byte text, out bool negative, out ulong mantissa, out int scale)
    {
        negative = text == (byte)'-';
        scale = 0;
        var length = negative ? 1 : 0;
        var whole = Read(ref Unsafe.Add(ref text, length), out mantissa);
        length += whole;
        if (whole is 0 or > 18)
        {
            return 0;
        }

        if (Unsafe.Add(ref text, length) == (byte)'.')
        {
            scale = Read(ref Unsafe.Add(ref text, length + 1), out var fraction);
            if (scale == 0 || whole + scale > 18)
            {
                return 0;
            }

            mantissa = mantissa * PowersOfTen[scale] + fraction;
            length += 1 + scale;
        }

        return (Unsafe.Add(ref text, length) | 0x20) == 'e' ? 0 : length;
    }

    internal static ReadOnlySpan<ulong> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];
}
