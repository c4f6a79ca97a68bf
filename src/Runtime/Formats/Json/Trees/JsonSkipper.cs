using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>
/// Goes over JSON that nothing reads, and sees whether it is valid. Places are handed from call to call, so that they stay in registers; a
/// negative one says that it is not valid.
/// </summary>
internal static class JsonSkipper
{
    private const nint Invalid = -1;

    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Goes over a value.</summary>
    /// <param name="data">The text; behind it are a line end and enough readable bytes.</param>
    /// <param name="at">Where the value begins.</param>
    /// <param name="end">Line ends before it are white space.</param>
    /// <returns>The place behind the value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Value(ref byte data, nint at, nint end) => Unsafe.Add(ref data, at) switch
    {
        (byte)'"' => Text(ref data, at + 1),
        (byte)'{' or (byte)'[' => Nested(ref data, at, end),
        _ => Token(ref data, at),
    };

    /// <summary>Goes over white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Space(ref byte data, nint at, nint end) => Unsafe.Add(ref data, at) > (byte)' ' ? at : Spaces(ref data, at, end);

    /// <summary>Goes over a text, from behind its opening quote to behind the closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Text(ref byte data, nint at)
    {
        var stops = Stops(ref Unsafe.Add(ref data, at));
        var stop = at + BitOperations.TrailingZeroCount(stops);
        return stops == 0 ? LongText(ref data, at + Vector256<byte>.Count)
            : Unsafe.Add(ref data, stop) == (byte)'"' ? stop + 1
            : LongText(ref data, stop);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Spaces(ref byte data, nint at, nint end)
    {
        while (Unsafe.Add(ref data, at) is (byte)' ' or (byte)'\t' or (byte)'\r' || (Unsafe.Add(ref data, at) == (byte)'\n' && at < end))
        {
            at++;
        }

        return at;
    }

    private static nint LongText(ref byte data, nint at)
    {
        while (true)
        {
            uint stops;
            while ((stops = Stops(ref Unsafe.Add(ref data, at))) == 0)
            {
                at += Vector256<byte>.Count;
            }

            at += BitOperations.TrailingZeroCount(stops);
            switch (Unsafe.Add(ref data, at))
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\' when JsonTexts.EscapeLength(ref Unsafe.Add(ref data, at)) is > 0 and var length:
                    at += length;
                    break;
                default:
                    return Invalid;
            }
        }
    }

    // Where a text can end within 32 bytes, as one bit per byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Stops(ref byte text)
    {
        var block = Vector256.LoadUnsafe(ref text);
        return (Vector256.Equals(block, Vector256.Create((byte)'"'))
            | Vector256.Equals(block, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(block, Vector256.Create((byte)' '))).ExtractMostSignificantBits();
    }

    private static nint Token(ref byte data, nint at)
    {
        // A number of digits alone, or a literal. What stands behind it is the caller's to look at.
        ref var token = ref Unsafe.Add(ref data, at);
        if (token is >= (byte)'1' and <= (byte)'9')
        {
            var digits = at + 1;
            while (Unsafe.Add(ref data, digits) is >= (byte)'0' and <= (byte)'9')
            {
                digits++;
            }

            if (Unsafe.Add(ref data, digits) is <= (byte)' ' or (byte)',' or (byte)'}' or (byte)']')
            {
                return digits;
            }
        }

        var text = MemoryMarshal.CreateReadOnlySpan(ref token, JsonTokens.TokenLength(ref token));
        return text.SequenceEqual("null"u8) || JsonTokens.IsValid(text) ? at + text.Length : Invalid;
    }

    // An object or a list with all that is inside of it.
    private static nint Nested(ref byte data, nint start, nint end)
    {
        // Bit n: whether what is open n levels further out is an object.
        var objects = 0UL;
        var depth = 0;
        var at = start;
        while (true)
        {
            var first = Unsafe.Add(ref data, at);
            if (first == (byte)'"')
            {
                at = Text(ref data, at + 1);
            }
            else if (first is (byte)'{' or (byte)'[')
            {
                if (depth == 64)
                {
                    return Deep(ref data, start, end);
                }

                var isObject = first == (byte)'{';
                objects = (objects << 1) | (isObject ? 1UL : 0);
                depth++;
                at = Space(ref data, at + 1, end);
                if (Unsafe.Add(ref data, at) != (isObject ? (byte)'}' : (byte)']'))
                {
                    at = isObject ? Name(ref data, at, end) : at;
                    if (at < 0)
                    {
                        return Invalid;
                    }

                    continue;
                }
            }
            else
            {
                at = Token(ref data, at);
            }

            if (at < 0)
            {
                return Invalid;
            }

            // Behind a value, or in front of the end of an object or list without any.
            at = Space(ref data, at, end);
            while (Unsafe.Add(ref data, at) != (byte)',')
            {
                if (Unsafe.Add(ref data, at) != ((objects & 1) != 0 ? (byte)'}' : (byte)']'))
                {
                    return Invalid;
                }

                at++;
                objects >>= 1;
                if (--depth == 0)
                {
                    return at;
                }

                at = Space(ref data, at, end);
            }

            at = Space(ref data, at + 1, end);
            at = (objects & 1) != 0 ? Name(ref data, at, end) : at;
            if (at < 0)
            {
                return Invalid;
            }
        }
    }

    // A name and its colon, to the value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Name(ref byte data, nint at, nint end)
    {
        if (Unsafe.Add(ref data, at) != (byte)'"' || (at = Text(ref data, at + 1)) < 0)
        {
            return Invalid;
        }

        at = Space(ref data, at, end);
        return Unsafe.Add(ref data, at) == (byte)':' ? Space(ref data, at + 1, end) : Invalid;
    }

    // What is nested so deep that its levels do not fit into 64 bits.
    private static nint Deep(ref byte data, nint start, nint end)
    {
        ref var first = ref Unsafe.Add(ref data, start);
        var length = end > start
            ? (int)(end - start)
            : MemoryMarshal.CreateReadOnlySpan(ref first, int.MaxValue - (int)start).IndexOf((byte)'\n');
        try
        {
            var reader = new Utf8JsonReader(
                MemoryMarshal.CreateReadOnlySpan(ref first, length),
                isFinalBlock: false,
                new JsonReaderState(AnyDepth));
            return reader.Read() && reader.TrySkip() ? start + (int)reader.BytesConsumed : Invalid;
        }
        catch (JsonException)
        {
            return Invalid;
        }
    }
}
