using System.ComponentModel;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.State;

/// <summary>
/// The 64-bit hash that distributes keys over key groups and tables. With the same secret it is the same in every process, on every machine
/// and in every release. Key groups use <see cref="FixedSecret"/>, because checkpoints depend on their hashes. Tables use a secret of the
/// job,
/// so that nobody can choose keys with equal hashes.
/// </summary>
/// <remarks>
/// The secret is added to a value of at most 64 bits; then the finalizer of SplitMix64 mixes it (Steele, Lea, Flood: "Fast splittable
/// pseudorandom number generators", 2014). XXH3 with 64 bits, with the secret as its seed (0 for no secret), hashes strings and wider
/// values: a string as its UTF-16 code units in little-endian order, a Guid as its 16 bytes. A decimal mixes the two halves of its
/// normalized bits. The hash of null is the secret.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StableHash
{
    /// <summary>The secret of hashes that never change, such as those of key groups.</summary>
    public const ulong FixedSecret = 0x9E3779B97F4A7C15;

    /// <summary>Returns the hash of a value of at most 64 bits; signed values are sign-extended first.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(long value, ulong secret)
    {
        var z = (ulong)value + secret;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <inheritdoc cref="Of(long, ulong)"/>
    public static ulong Of(ulong value, ulong secret) => Of((long)value, secret);

    /// <summary>Returns the hash of a Boolean, as of 0 or 1.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(bool value, ulong secret) => Of(value ? 1L : 0L, secret);

    /// <summary>Returns the hash of a character, as of its code.</summary>
    /// <param name="value">The value.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(char value, ulong secret) => Of((long)value, secret);

    /// <summary>Returns the hash of a string.</summary>
    /// <param name="value">The text, or null.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(string? value, ulong secret)
    {
        if (value == null)
        {
            return OfNull(secret);
        }

        if (BitConverter.IsLittleEndian)
        {
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(value.AsSpan()), (long)(secret - FixedSecret));
        }

        var swapped = new byte[value.Length * sizeof(char)];
        System.Text.Encoding.Unicode.GetBytes(value, swapped);
        return XxHash3.HashToUInt64(swapped, (long)(secret - FixedSecret));
    }

    /// <summary>Returns the hash of an instant, as of its ticks; its kind does not matter.</summary>
    /// <param name="value">The instant.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(DateTime value, ulong secret) => Of(value.Ticks, secret);

    /// <summary>Returns the hash of an instant, as of its ticks in UTC: equal instants have equal hashes.</summary>
    /// <param name="value">The instant.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(DateTimeOffset value, ulong secret) => Of(value.UtcTicks, secret);

    /// <summary>Returns the hash of a date, as of its day number.</summary>
    /// <param name="value">The date.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(DateOnly value, ulong secret) => Of((long)value.DayNumber, secret);

    /// <summary>Returns the hash of a time of day, as of its ticks.</summary>
    /// <param name="value">The time.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(TimeOnly value, ulong secret) => Of(value.Ticks, secret);

    /// <summary>Returns the hash of a duration, as of its ticks.</summary>
    /// <param name="value">The duration.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(TimeSpan value, ulong secret) => Of(value.Ticks, secret);

    /// <summary>Returns the hash of a Guid.</summary>
    /// <param name="value">The Guid.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(Guid value, ulong secret)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        return XxHash3.HashToUInt64(bytes, (long)(secret - FixedSecret));
    }

    /// <summary>
    /// Returns the hash of a decimal; equal numbers have equal hashes, regardless of scale and of the sign of zero (1.0 and 1.00; 0 and
    /// -0.0).
    /// </summary>
    /// <param name="value">The number.</param>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(decimal value, ulong secret)
    {
        // Dividing by one with 28 decimals removes trailing zeros.
        value /= 1.0000000000000000000000000000m;
        if (value == 0)
        {
            // Zero may have a sign.
            value = 0;
        }

        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        return Combine(
            Of((long)(uint)bits[0] | (long)bits[1] << 32, secret),
            Of((long)(uint)bits[2] | (long)bits[3] << 32, secret));
    }

    /// <summary>Returns the hash of a key of several members; combine from left to right.</summary>
    /// <param name="left">The hash of the members so far.</param>
    /// <param name="right">The hash of the next member.</param>
    /// <returns>The hash of the members including the next one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Combine(ulong left, ulong right) => Of((long)(left * 0xD1B54A32D192ED03 + right), FixedSecret);

    /// <summary>Returns the hash of a null member.</summary>
    /// <param name="secret">The secret.</param>
    /// <returns>The hash.</returns>
    public static ulong OfNull(ulong secret) => secret;
}
