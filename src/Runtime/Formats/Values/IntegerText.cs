using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>
/// Writes whole numbers in decimal digits, up to eight at a time, without branches on the sign or the number of digits. Numbers in a file
/// vary in length, so such branches would be mispredicted.
/// </summary>
internal static class IntegerText
{
    /// <summary>The required room in bytes: the longest number has 20, and eight are stored at a time.</summary>
    public const int MaxLength = 32;

    private const uint EightDigits = 100_000_000;

    /// <summary>Writes a number.</summary>
    /// <param name="room">At least <see cref="MaxLength"/> bytes; bytes after the number may change.</param>
    /// <param name="value">The number.</param>
    /// <returns>The length in bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> room, long value)
    {
        // Overwritten if there is no sign.
        var sign = (int)(value >>> 63);
        room[0] = (byte)'-';
        return sign + Write(room[sign..], (ulong)((value ^ -sign) + sign));
    }

    /// <summary>Writes an unsigned number.</summary>
    /// <param name="room">At least <see cref="MaxLength"/> bytes, or one less after a sign; bytes after the number may change.</param>
    /// <param name="value">The number.</param>
    /// <returns>The length in bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> room, ulong value) => value < EightDigits ? WriteShort(room, (uint)value) : WriteLong(room, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteShort(Span<byte> room, uint value)
    {
        // Zero has one digit, too.
        var digits = Digits(value);
        var zeros = BitOperations.TrailingZeroCount(digits | (1UL << 56)) >> 3;
        BinaryPrimitives.WriteUInt64LittleEndian(room, (digits | Zeros) >> (zeros * 8));
        return 8 - zeros;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteLong(Span<byte> room, ulong value)
    {
        var (high, low) = Math.DivRem(value, EightDigits);
        var length = Write(room, high);
        BinaryPrimitives.WriteUInt64LittleEndian(room[length..], Digits((uint)low) | Zeros);
        return length + 8;
    }

    private const ulong Zeros = 0x3030303030303030;

    // Splits a number below one hundred million into eight digits, one byte each, the first one lowest: into fours, then pairs, then single
    // digits. The divisions by 100 (of numbers below 10,000) and by 10 (of numbers below 100) are multiplications that do not overflow into
    // the next lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(uint value)
    {
        var high = value / 10_000;
        var fours = high | ((ulong)(value - high * 10_000) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000007F0000007F;
        var pairs = hundreds | ((fours - hundreds * 100) << 16);
        var tens = ((pairs * 103) >> 10) & 0x000F000F000F000F;
        return tens | ((pairs - tens * 10) << 8);
    }
}
