using System.ComponentModel;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.State;

/// <summary>
/// The 64-bit hash by which keys are spread over key groups and tables. It is the same in every process, on every machine
/// and in every release: checkpoints depend on it.
/// </summary>
/// <remarks>
/// A value of at most 64 bits is mixed by the finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
/// number generators", 2014). Text and wider values are hashed by XXH3 with 64 bits and seed 0: text over its UTF-16 code
/// units in little-endian order, a Guid over its 16 bytes; a decimal mixes the two halves of its normalized bits. Null is a constant.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StableHash
{
    private const ulong NullHash = 0x9E3779B97F4A7C15;

    /// <summary>The hash of a value of at most 64 bits; a signed one is sign-extended first.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The hash.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(long value)
    {
        var z = (ulong)value + NullHash;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <inheritdoc cref="Of(long)"/>
    public static ulong Of(ulong value) => Of((long)value);

    /// <summary>The hash of a truth value, as of 0 or 1.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(bool value) => Of(value ? 1L : 0L);

    /// <summary>The hash of a character, as of its code.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(char value) => Of((long)value);

    /// <summary>The hash of text.</summary>
    /// <param name="value">The text, or null.</param>
    /// <returns>The hash.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(string? value)
    {
        if (value == null)
        {
            return NullHash;
        }

        if (BitConverter.IsLittleEndian)
        {
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(value.AsSpan()));
        }

        var swapped = new byte[value.Length * sizeof(char)];
        System.Text.Encoding.Unicode.GetBytes(value, swapped);
        return XxHash3.HashToUInt64(swapped);
    }

    /// <summary>The hash of an instant, as of its ticks; the kind does not count.</summary>
    /// <param name="value">The instant.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(DateTime value) => Of(value.Ticks);

    /// <summary>The hash of an instant, as of its ticks in UTC: equal instants have equal hashes.</summary>
    /// <param name="value">The instant.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(DateTimeOffset value) => Of(value.UtcTicks);

    /// <summary>The hash of a date, as of its day number.</summary>
    /// <param name="value">The date.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(DateOnly value) => Of((long)value.DayNumber);

    /// <summary>The hash of a time of day, as of its ticks.</summary>
    /// <param name="value">The time.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(TimeOnly value) => Of(value.Ticks);

    /// <summary>The hash of a length of time, as of its ticks.</summary>
    /// <param name="value">The length of time.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(TimeSpan value) => Of(value.Ticks);

    /// <summary>The hash of a Guid.</summary>
    /// <param name="value">The Guid.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        return XxHash3.HashToUInt64(bytes);
    }

    /// <summary>The hash of a number; equal numbers have equal hashes, whatever their scale (1.0 and 1.00).</summary>
    /// <param name="value">The number.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(decimal value)
    {
        // Dividing by one with 28 decimals takes trailing zeros off.
        value /= 1.0000000000000000000000000000m;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        return Combine(
            Of((long)bits[0] | (long)bits[1] << 32),
            Of((long)bits[2] | (long)bits[3] << 32));
    }

    /// <summary>The hash of a key of several members: combine from left to right.</summary>
    /// <param name="left">The hash of the members so far.</param>
    /// <param name="right">The hash of the next member.</param>
    /// <returns>The hash of both.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Combine(ulong left, ulong right) => Of((long)(left * 0xD1B54A32D192ED03 + right));

    /// <summary>The hash of a null member.</summary>
    public static ulong OfNull => NullHash;
}
