using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Copies text of plain characters, which are single bytes in UTF-8, and detects others at the same time. Most strings in files are short
/// and plain.
/// </summary>
internal static class PlainText
{
    /// <summary>
    /// Copies a string if all of its characters are ASCII, and none is a control character, a quote, a backslash or the delimiter.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="room">At least as many bytes as the string has characters; undefined content if some are not plain.</param>
    /// <param name="delimiter">An additional character that is not plain.</param>
    /// <returns><c>true</c> if all characters are plain.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> room, char delimiter)
    {
        if (text.Length >= Vector128<ushort>.Count)
        {
            return TryCopyLong(text, room, delimiter);
        }

        room = room[..text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if ((uint)(c - ' ') > 0x7F - ' ' || c == '"' || c == '\\' || c == delimiter)
            {
                return false;
            }

            room[i] = (byte)c;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryCopyLong(ReadOnlySpan<char> text, Span<byte> room, char delimiter)
    {
        room = room[..text.Length];
        ref var from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref var to = ref MemoryMarshal.GetReference(room);
        var last = text.Length - Vector128<ushort>.Count;
        var at = 0;
        while (true)
        {
            var block = Vector128.LoadUnsafe(ref from, (nuint)at);
            var odd = Vector128.GreaterThan(block - Vector128.Create((ushort)' '), Vector128.Create((ushort)(0x7F - ' ')))
                | Vector128.Equals(block, Vector128.Create((ushort)'"'))
                | Vector128.Equals(block, Vector128.Create((ushort)'\\'))
                | Vector128.Equals(block, Vector128.Create((ushort)delimiter));
            if (odd != Vector128<ushort>.Zero)
            {
                return false;
            }

            Vector128.Narrow(block, block).GetLower().StoreUnsafe(ref to, (nuint)at);
            if (at == last)
            {
                return true;
            }

            // The last block may overlap the previous one.
            at = Math.Min(at + Vector128<ushort>.Count, last);
        }
    }
}
