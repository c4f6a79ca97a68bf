using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Formats;

/// <content>Strings and tokens.</content>
public ref partial struct JsonTreeReader
{
    // Reads one value for the rules that all formats share. Return gives back the memory rented for its text.
    private bool TryField(out TextField field, out byte[]? rented)
    {
        rented = null;
        switch (Here)
        {
            case (byte)'"':
                if (TryText(out var text, out rented))
                {
                    field = new TextField(text, FieldKind.Quoted, isToken: false);
                    return true;
                }

                field = default;
                return false;
            case (byte)'{' or (byte)'[':
                field = new TextField(MemoryMarshal.CreateReadOnlySpan(ref Here, 1), FieldKind.Composite, isToken: false);
                return true;
            default:
                var token = MemoryMarshal.CreateReadOnlySpan(ref Here, JsonTokens.TokenLength(ref Here));
                var isNull = token.SequenceEqual("null"u8);
                field = new TextField(token, isNull ? FieldKind.Null : FieldKind.Plain, isToken: true);
                _at += token.Length;
                return isNull || JsonTokens.IsValid(token);
        }
    }

    private static void Return(byte[]? rented)
    {
        if (rented != null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // Reads a string from its opening quote to after the closing one, unescaped. On an error the reader stays before the string, because a
    // name could be followed by the end of the object.
    private bool TryText(out ReadOnlySpan<byte> text, out byte[]? rented)
    {
        rented = null;
        text = default;
        var start = _at;
        var behind = JsonSkipper.Text(ref _data, start + 1);
        if (behind < 0)
        {
            return false;
        }

        text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, start + 1), (int)(behind - start - 2));
        if (!text.Contains((byte)'\\'))
        {
            _at = behind;
            return true;
        }

        rented = ArrayPool<byte>.Shared.Rent(text.Length);
        var count = JsonTexts.Unescape(text, rented);
        if (count < 0)
        {
            Return(rented);
            rented = null;
            text = default;
            return FailText(start);
        }

        _at = behind;
        text = rented.AsSpan(0, count);
        return true;
    }
}
