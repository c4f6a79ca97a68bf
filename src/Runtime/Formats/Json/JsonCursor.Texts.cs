using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <content>Strings and bytes.</content>
public ref partial struct JsonCursor
{
    /// <summary>Reads a string.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string.</param>
    /// <returns><c>true</c> if the string is valid UTF-8 without escapes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadText(int column, out string value)
    {
        ref var text = ref Unsafe.Add(ref Here, 1);
        var block = Vector128.LoadUnsafe(ref text);
        var stops = JsonTokens.Stops(block);
        if (stops != 0 && Here == (byte)'"')
        {
            var length = BitOperations.TrailingZeroCount(stops);
            _at += length + 2;
            value = _strings.Short(block, length, column)!;
            return value != null && Unsafe.Add(ref text, length) == (byte)'"';
        }

        return ReadLongText(column, out value);
    }

    /// <summary>Reads a string, or null.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string, or null.</param>
    /// <returns><c>true</c> if a string without escapes or null could be read.</returns>
    public bool ReadNullableText(int column, out string? value)
    {
        value = null;
        return TryNull() || ReadText(column, out value!);
    }

    /// <summary>Reads bytes in Base64.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns><c>true</c> if bytes without escapes could be read.</returns>
    public bool ReadBytes(out byte[] value)
    {
        value = [];
        return Here == (byte)'"' && TryText(out var text) && new TextField(text, FieldKind.Quoted, isToken: false).TryReadBytes(out value);
    }

    /// <summary>Reads bytes in Base64, or null.</summary>
    /// <param name="value">The bytes, or null.</param>
    /// <returns><c>true</c> if bytes or null could be read.</returns>
    public bool ReadNullableBytes(out byte[]? value)
    {
        value = null;
        return TryNull() || ReadBytes(out value!);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadLongText(int column, out string value)
    {
        value = "";
        if (Here != (byte)'"' || !TryText(out var text))
        {
            return false;
        }

        value = _strings.Find(text, column)!;
        return value != null;
    }
}
