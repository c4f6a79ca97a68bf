using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Penstock.Formats;

/// <summary>
/// Skips JSON that nothing reads, and validates it. Positions are passed and returned, so that they stay in registers; a negative one means
/// invalid JSON.
/// </summary>
internal static class JsonSkipper
{
    private const nint Invalid = -1;

    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Goes over a value.</summary>
    /// <param name="data">The text, followed by a line break and enough readable bytes.</param>
    /// <param name="at">The start of the value.</param>
    /// <param name="end">The end of the text; line breaks before it are white space.</param>
    /// <returns>The position after the value.</returns>
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

    /// <summary>Skips a string, from after its opening quote to after the closing one.</summary>
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

    // Finds the possible ends of a string within 32 bytes, as one bit per byte.
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
        // A number that consists of digits only, or a literal. The caller checks the text after it.
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

    // Skips an object or a list with its content.
    private static nint Nested(ref byte data, nint start, nint end)
    {
        // Bit n is set if the enclosing level n is an object.
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

            // At this point a value has ended, or an empty object or list is about to end.
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

    // Skips a name and its colon, up to the value.
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

    // Skips an object or list whose nesting levels do not fit into 64 bits.
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
