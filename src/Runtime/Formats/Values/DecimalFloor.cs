namespace Penstock.Formats;

/// <summary>
/// Reads the integral part of a number in text, multiplied by a power of ten. Exact for any number of digits: no digit is rounded before
/// the multiplication.
/// </summary>
internal static class DecimalFloor
{
    private const int MaxDigits = 30;

    // Larger than the length of any text, so that additions to it cannot overflow.
    private const long MaxExponent = 1L << 40;

    /// <summary>Reads <c>[±]digits[.digits][e[±]digits]</c>; digits on one side of the point are sufficient.</summary>
    /// <param name="text">The text.</param>
    /// <param name="power">The power of ten.</param>
    /// <param name="floor">The largest whole number that is not greater than the result.</param>
    /// <returns><c>false</c> if the text is not a number, or has more than 30 digits before the point.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, int power, out Int128 floor)
    {
        floor = 0;
        var isNegative = text is [(byte)'-', ..];
        text = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        var mantissa = text;
        long exponent = power;
        if (text.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var at)
        {
            mantissa = text[..at];
            if (!TryReadExponent(text[(at + 1)..], ref exponent))
            {
                return false;
            }
        }

        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || !IsDigits(whole) || !IsDigits(fraction))
        {
            return false;
        }

        var hasRest = false;
        if (!TryTake(whole, whole.Length + exponent, ref floor, ref hasRest) || !TryTake(fraction, exponent, ref floor, ref hasRest))
        {
            return false;
        }

        floor = isNegative ? -floor - (hasRest ? 1 : 0) : floor;
        return true;
    }

    // Adds each digit by its place: the first one counts ten to the power of `before` - 1. Digits after the point are the rest.
    private static bool TryTake(ReadOnlySpan<byte> digits, long before, ref Int128 floor, ref bool hasRest)
    {
        var first = digits.IndexOfAnyExcept((byte)'0');
        if (first < 0)
        {
            return true;
        }

        before -= first;
        digits = digits[first..];
        if (before > MaxDigits)
        {
            return false;
        }

        var taken = (int)Math.Clamp(before, 0, digits.Length);
        Int128 number = 0;
        foreach (var digit in digits[..taken])
        {
            number = number * 10 + (digit - '0');
        }

        for (long place = taken; place < before; place++)
        {
            number *= 10;
        }

        floor += number;
        hasRest |= digits[taken..].ContainsAnyExcept((byte)'0');
        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, ref long exponent)
    {
        var isNegative = text is [(byte)'-', ..];
        text = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        if (text.IsEmpty || !IsDigits(text))
        {
            return false;
        }

        long number = 0;
        foreach (var digit in text)
        {
            number = Math.Min(number * 10 + (digit - '0'), MaxExponent);
        }

        exponent += isNegative ? -number : number;
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
