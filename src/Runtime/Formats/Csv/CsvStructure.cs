using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>Finds the possible ends of CSV fields, which are delimiters, line breaks and quotes, in 64 bytes at a time.</summary>
internal static class CsvStructure
{
    /// <summary>The number of bytes in a window.</summary>
    public const int Window = 64;

    /// <summary>Finds the stops of a window.</summary>
    /// <returns>One bit per byte, the lowest for the first byte.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Find(ref byte text, byte delimiter)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var block = Vector512.LoadUnsafe(ref text);
            return (Vector512.Equals(block, Vector512.Create(delimiter))
                | Vector512.Equals(block, Vector512.Create((byte)'\n'))
                | Vector512.Equals(block, Vector512.Create((byte)'\r'))
                | Vector512.Equals(block, Vector512.Create((byte)'"'))).ExtractMostSignificantBits();
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return Find256(ref text, delimiter) | ((ulong)Find256(ref Unsafe.Add(ref text, 32), delimiter) << 32);
        }

        return Find128(ref text, delimiter)
            | (Find128(ref Unsafe.Add(ref text, 16), delimiter) << 16)
            | (Find128(ref Unsafe.Add(ref text, 32), delimiter) << 32)
            | (Find128(ref Unsafe.Add(ref text, 48), delimiter) << 48);
    }

    /// <summary>Calls <see cref="Find"/> without inlining, for the rare row that is longer than a window.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong FindNext(ref byte text, byte delimiter) => Find(ref text, delimiter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Find256(ref byte text, byte delimiter)
    {
        var block = Vector256.LoadUnsafe(ref text);
        return (Vector256.Equals(block, Vector256.Create(delimiter))
            | Vector256.Equals(block, Vector256.Create((byte)'\n'))
            | Vector256.Equals(block, Vector256.Create((byte)'\r'))
            | Vector256.Equals(block, Vector256.Create((byte)'"'))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find128(ref byte text, byte delimiter)
    {
        var block = Vector128.LoadUnsafe(ref text);
        return (Vector128.Equals(block, Vector128.Create(delimiter))
            | Vector128.Equals(block, Vector128.Create((byte)'\n'))
            | Vector128.Equals(block, Vector128.Create((byte)'\r'))
            | Vector128.Equals(block, Vector128.Create((byte)'"'))).ExtractMostSignificantBits();
    }
}
