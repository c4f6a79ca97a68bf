using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>
/// Writes whole numbers in decimal digits: up to eight at once, without a branch on the sign or on how many there are. Numbers in a file
/// have changing lengths, which a processor guesses wrongly.
/// </summary>
internal static class IntegerText
{
    /// <summary>How many bytes of room must be there: the longest number has 20, and eight are stored at once.</summary>
    public const int Room = 32;

    private const uint EightDigits = 100_000_000;

    /// <summary>Writes a number.</summary>
    /// <param name="room">At least <see cref="Room"/> bytes; what lies behind the number may change.</param>
    /// <param name="value">The number.</param>
    /// <returns>How many bytes it has.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> room, long value)
    {
        // The sign is overwritten where there is none.
        var sign = (int)(value >>> 63);
        room[0] = (byte)'-';
        return sign + Write(room[sign..], (ulong)((value ^ -sign) + sign));
    }

    /// <summary>Writes a number without a sign.</summary>
    /// <param name="room">At least <see cref="Room"/> bytes, or one less behind a sign; what lies behind the number may change.</param>
    /// <param name="value">The number.</param>
    /// <returns>How many bytes it has.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> room, ulong value) => value < EightDigits ? WriteShort(room, (uint)value) : WriteLong(room, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteShort(Span<byte> room, uint value)
    {
        // The last digit of zero is one, too.
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

    // The eight digits of a number below a hundred millions, a byte each, the first one lowest: in fours, then in pairs, then each. A
    // division by 100 of a number below 10,000, and one by 10 of a number below 100, are multiplications that do not reach into the next
    // lane.
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
