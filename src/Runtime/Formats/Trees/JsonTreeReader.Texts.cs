using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Penstock.Formats;

/// <content>Texts and tokens, read and skipped.</content>
public ref partial struct JsonTreeReader
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    // One value as it stands here, for the rules that all formats share. What was rented for its text is given back by Return.
    private bool TryField(out TextField field, out byte[]? rented)
    {
        rented = null;
        switch (Here)
        {
            case (byte)'"':
                var start = _at;
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

    // A text from its opening quote to behind the closing one, without escapes.
    private bool TryText(out ReadOnlySpan<byte> text, out byte[]? rented)
    {
        rented = null;
        text = default;
        var start = _at;
        _at++;
        if (!SkipText())
        {
            return false;
        }

        text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, start + 1), (int)(_at - start - 2));
        if (!text.Contains((byte)'\\'))
        {
            return true;
        }

        rented = ArrayPool<byte>.Shared.Rent(text.Length);
        var count = JsonTexts.Unescape(text, rented);
        text = rented.AsSpan(0, Math.Max(0, count));
        return count >= 0 || FailText(start);
    }

    // From behind the opening quote of a text to behind the closing one.
    private bool SkipText()
    {
        while (true)
        {
            _at += JsonTokens.TextLength(ref Here);
            switch (Here)
            {
                case (byte)'"':
                    _at++;
                    return true;
                case (byte)'\\' when JsonTexts.EscapeLength(ref Here) is > 0 and var length:
                    _at += length;
                    break;
                default:
                    return false;
            }
        }
    }

    private bool SkipOther() => Here is (byte)'{' or (byte)'[' ? SkipNested() : SkipToken();

    private bool SkipToken()
    {
        var token = MemoryMarshal.CreateReadOnlySpan(ref Here, JsonTokens.TokenLength(ref Here));
        _at += token.Length;
        return JsonTokens.IsValid(token) || token.SequenceEqual("null"u8);
    }

    // An object or a list with all that is inside of it.
    private bool SkipNested()
    {
        var start = _at;

        // Bit n: whether what is open n levels further out is an object.
        var objects = 0UL;
        var depth = 0;
        while (true)
        {
            switch (Here)
            {
                case (byte)'{' or (byte)'[' when depth == 64:
                    return SkipDeep(start);
                case (byte)'{':
                    objects = (objects << 1) | 1;
                    depth++;
                    _at++;
                    SkipSpace();
                    if (Here == (byte)'}')
                    {
                        break;
                    }

                    if (!SkipName())
                    {
                        return false;
                    }

                    continue;
                case (byte)'[':
                    objects <<= 1;
                    depth++;
                    _at++;
                    SkipSpace();
                    if (Here == (byte)']')
                    {
                        break;
                    }

                    continue;
                case (byte)'"':
                    _at++;
                    if (!SkipText())
                    {
                        return false;
                    }

                    break;
                default:
                    if (!SkipToken())
                    {
                        return false;
                    }

                    break;
            }

            // Behind a value, or in front of the end of an object or list without any.
            SkipSpace();
            while (Here != (byte)',')
            {
                if (Here != ((objects & 1) != 0 ? (byte)'}' : (byte)']'))
                {
                    return false;
                }

                _at++;
                objects >>= 1;
                if (--depth == 0)
                {
                    return true;
                }

                SkipSpace();
            }

            _at++;
            SkipSpace();
            if ((objects & 1) != 0 && !SkipName())
            {
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool SkipName()
    {
        if (Here != (byte)'"')
        {
            return false;
        }

        _at++;
        return SkipText() && Colon();
    }

    // What is nested so deep that its levels do not fit into 64 bits.
    private bool SkipDeep(nint start)
    {
        var length = (int)(_end - start);
        if (length <= 0)
        {
            length = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, start), int.MaxValue - (int)start).IndexOf((byte)'\n');
        }

        try
        {
            var reader = new Utf8JsonReader(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, start), length), isFinalBlock: false, new JsonReaderState(AnyDepth));
            var isSkipped = reader.Read() && reader.TrySkip();
            _at = start + (int)reader.BytesConsumed;
            return isSkipped;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
