namespace Penstock.Formats;

/// <summary>
/// Reads the plain numbers that most files hold, exactly: <c>[-]digits[.digits]</c>. Text must be followed by at least 16
/// readable bytes, as <see cref="Digits"/> says.
/// </summary>
internal static class NumberText
{
    /// <summary>
    /// Reads a double. Up to 15 digits and a power of ten up to 22 are exact in a double, and so is their quotient rounded once.
    /// </summary>
    /// <returns>How many bytes were read; 0 when the number is not that plain.</returns>
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

    /// <summary>Reads a decimal, with the scale that the text has.</summary>
    /// <returns>How many bytes were read; 0 when the number is not that plain.</returns>
    public static int ReadDecimal(ref byte text, out decimal value)
    {
        var length = Digits.ReadScaled(ref text, out var negative, out var mantissa, out var scale);
        if (length == 0)
        {
            // Then the scale is anything.
            value = 0;
            return 0;
        }

        value = new decimal((int)mantissa, (int)(mantissa >> 32), 0, negative, (byte)scale);
        return length;
    }
}
