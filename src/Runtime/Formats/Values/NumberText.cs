namespace Penstock.Formats;

/// <summary>
/// Reads the simple numbers of most files exactly: <c>[-]digits[.digits]</c>. The text must be followed by at least 16 readable bytes, as
/// for <see cref="Digits"/>.
/// </summary>
internal static class NumberText
{
    /// <summary>
    /// Reads a double. Up to 15 digits, and powers of ten up to 22, are exact in a double, so their quotient is rounded only once.
    /// </summary>
    /// <returns>The number of bytes read, or 0 if the number is not that simple.</returns>
    public static int ReadDouble(ref byte text, out double value)
    {
        var length = Digits.ReadScaled(ref text, out var negative, out var mantissa, out var scale);
        if (length == 0 || mantissa > 999_999_999_999_999)
        {
            value = 0;
            return 0;
        }

        value = (double)mantissa / Digits.PowersOfTen[scale];
        value = negative ? -value : value;
        return length;
    }

    /// <summary>Reads a decimal, with the scale of the text.</summary>
    /// <returns>The number of bytes read, or 0 if the number is not that simple.</returns>
    public static int ReadDecimal(ref byte text, out decimal value)
    {
        var length = Digits.ReadScaled(ref text, out var negative, out var mantissa, out var scale);
        if (length == 0)
        {
            // The scale is undefined in this case.
            value = 0;
            return 0;
        }

        value = new decimal((int)mantissa, (int)(mantissa >> 32), 0, negative, (byte)scale);
        return length;
    }
}
