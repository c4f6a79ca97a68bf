using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Reads the properties of usual JSON objects, one a line, in the order in which they are expected. Every method answers
/// false when it meets anything that is not usual: another property, an escape, white space beyond one space, a value that
/// it cannot read.
/// </summary>
/// <remarks>
/// Only the readers of files make one, over a buffer in which a line end lies ahead of every row, with slack behind it: no
/// value can be read past its line, which is why little here tests for the end of the buffer.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct JsonCursor
{
    private readonly ref byte _data;
    private readonly StringCache _strings;
    private readonly int _readable;
    private nint _at;

    internal JsonCursor(ref byte data, int at, int readable, StringCache strings)
    {
        _data = ref data;
        _at = at;
        _readable = readable;
        _strings = strings;
    }

    internal readonly int At
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)_at;
    }

    private readonly ref byte Here
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref _data, _at);
    }

    /// <summary>Goes over the beginning of the object and the name of its first property.</summary>
    /// <param name="name">The name in quotes, and the colon.</param>
    /// <returns>Whether it stands here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool First(ReadOnlySpan<byte> name) => Unsafe.Add(ref _data, _at++) == (byte)'{' && Name(name);

    /// <summary>Goes over the comma and the name of the next property.</summary>
    /// <param name="name">The name in quotes, and the colon.</param>
    /// <returns>Whether it stands here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next(ReadOnlySpan<byte> name) => Unsafe.Add(ref _data, _at++) == (byte)',' && Name(name);

    /// <summary>Goes over the end of the object and the line end.</summary>
    /// <returns>Whether the row ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndRow()
    {
        return Unsafe.Add(ref _data, _at++) == (byte)'}' && EndLine();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool EndLine()
    {
        var end = Unsafe.Add(ref _data, _at++);
        return end == (byte)'\n' || (end == (byte)'\r' && Unsafe.Add(ref _data, _at++) == (byte)'\n');
    }

    /// <summary>Reads the row as a tree. <see cref="EndTree"/> ends it.</summary>
    /// <returns>A reader that begins here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly JsonTreeReader Tree() => new(ref _data, (int)_at, _strings);

    /// <summary>Goes behind the row that was read as a tree, and over the line end.</summary>
    /// <param name="json">What has read it.</param>
    /// <returns>Whether the row ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndTree(in JsonTreeReader json)
    {
        _at = json.At;
        return EndLine();
    }

    /// <summary>Goes over a value that nothing reads.</summary>
    /// <returns>Whether it is a plain text, number or literal.</returns>
    public bool Skip() => Here == (byte)'"' ? TryText(out _) : TryToken(out _);

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one that fits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out int value)
    {
        var isWhole = Read(out long wide);
        value = (int)wide;
        return isWhole && value == wide;
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one that fits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out long value)
    {
        ref var text = ref Here;
        var sign = text == (byte)'-' ? 1 : 0;
        text = ref Unsafe.Add(ref text, sign);
        var length = Digits.Read(ref text, out var digits);
        _at += length + sign;
        value = ((long)digits ^ -(long)sign) + sign;

        // JSON has no leading zeros.
        return length != 0 && digits <= (ulong)long.MaxValue + (uint)sign && (text != (byte)'0' || length == 1);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out double value)
    {
        if (JsonTokens.HasLeadingZero(ref Here))
        {
            value = 0;
            return false;
        }

        var length = NumberText.ReadDouble(ref Here, out value);
        _at += length;
        return length != 0 || Read<double>(out value);
    }

    /// <summary>Reads a decimal number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one that fits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out decimal value)
    {
        if (JsonTokens.HasLeadingZero(ref Here))
        {
            value = 0;
            return false;
        }

        var length = NumberText.ReadDecimal(ref Here, out value);
        _at += length;
        return length != 0 || Read<decimal>(out value);
    }

    /// <summary>Reads a date and time in ISO 8601.</summary>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out DateTime value)
    {
        var isText = Here == (byte)'"';
        var length = Iso8601.ReadInstant(ref Unsafe.Add(ref Here, 1), out var ticks, out var offset);
        _at += length + 2;
        value = TextValues.ToUtc(ticks, offset);
        return isText && length != 0 && Unsafe.Add(ref _data, _at - 1) == (byte)'"';
    }

    /// <summary>Reads a value of any other type that a column can have.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"'
            ? TryText(out var quoted) && TextValues.TryParse(quoted, out value)
            : TryToken(out var token) && TextValues.TryParse(token, out value);
    }

    /// <summary>Reads a date or time in a format of its own.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(string format, out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"' && TryText(out var text) && TextValues.TryParse(text, format, out value);
    }

    /// <summary>Reads an instant that is a number of a unit since 1970.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(TimeUnit unit, out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"'
            ? TryText(out var quoted) && EpochText.TryParse(quoted, unit, out value)
            : TryToken(out var token) && EpochText.TryParse(token, unit, out value);
    }

    /// <summary>Reads an instant that is a number of a unit since 1970, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns>Whether there is either.</returns>
    public bool ReadNullable<T>(TimeUnit unit, out T? value)
        where T : struct
    {
        var isNull = TryNull();
        T some = default;
        var isRead = isNull || Read(unit, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a date and time in a format whose texts are ISO 8601 without an offset.</summary>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one in this format.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadIso(string format, out DateTime value)
    {
        var isText = Here == (byte)'"';
        ref var text = ref Unsafe.Add(ref Here, 1);
        var length = Iso8601.ReadInstant(ref text, out var ticks, out var offset);
        _at += length + 2;
        value = TextValues.ToUtc(ticks, offset);
        return isText && length == format.Length && offset == Iso8601.NoOffset
            && (length == 10 || Unsafe.Add(ref text, 10) == format[10]) && Unsafe.Add(ref _data, _at - 1) == (byte)'"';
    }

    /// <summary>Reads a date or time in a format whose texts are ISO 8601 without an offset.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one in this format.</returns>
    public bool ReadIso<T>(string format, out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"' && TryText(out var text) && TextValues.TryParseIso(text, format, out value);
    }

    /// <summary>Reads a date or time in a format whose texts are ISO 8601 without an offset, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is either.</returns>
    public bool ReadNullableIso<T>(string format, out T? value)
        where T : struct
    {
        var isNull = TryNull();
        T some = default;
        var isRead = isNull || ReadIso(format, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a value, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is either.</returns>
    public bool ReadNullable<T>(out T? value)
        where T : struct
    {
        value = null;
        if (TryNull())
        {
            return true;
        }

        Unsafe.SkipInit(out T some);
        var isRead =
            typeof(T) == typeof(int) ? Read(out Unsafe.As<T, int>(ref some))
            : typeof(T) == typeof(long) ? Read(out Unsafe.As<T, long>(ref some))
            : typeof(T) == typeof(double) ? Read(out Unsafe.As<T, double>(ref some))
            : typeof(T) == typeof(decimal) ? Read(out Unsafe.As<T, decimal>(ref some))
            : typeof(T) == typeof(DateTime) ? Read(out Unsafe.As<T, DateTime>(ref some))
            : Read<T>(out some);
        value = isRead ? some : null;
        return isRead;
    }

    /// <summary>Reads a date or time in a format of its own, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is either.</returns>
    public bool ReadNullable<T>(string format, out T? value)
        where T : struct
    {
        var isNull = TryNull();
        T some = default;
        var isRead = isNull || Read(format, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text.</param>
    /// <returns>Whether it is UTF-8 and free of escapes.</returns>
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

    /// <summary>Reads a text, or null.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text, or null.</param>
    /// <returns>Whether there is either, free of escapes.</returns>
    public bool ReadNullableText(int column, out string? value)
    {
        value = null;
        return TryNull() || ReadText(column, out value!);
    }

    /// <summary>Reads bytes that are written in Base64.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>Whether there are any, free of escapes.</returns>
    public bool ReadBytes(out byte[] value)
    {
        value = [];
        return Here == (byte)'"' && TryText(out var text) && new TextField(text, FieldKind.Quoted, isToken: false).TryReadBytes(out value);
    }

    /// <summary>Reads bytes that are written in Base64, or null.</summary>
    /// <param name="value">The bytes, or null.</param>
    /// <returns>Whether there are either.</returns>
    public bool ReadNullableBytes(out byte[]? value)
    {
        value = null;
        return TryNull() || ReadBytes(out value!);
    }

    // Names may be longer than the slack, so that this is the one place that looks for the end of the buffer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Name(ReadOnlySpan<byte> name)
    {
        _at += Here == (byte)' ' ? 1 : 0;
        if (_at + name.Length > _readable || !MemoryMarshal.CreateReadOnlySpan(ref Here, name.Length).SequenceEqual(name))
        {
            return false;
        }

        _at += name.Length;
        _at += Here == (byte)' ' ? 1 : 0;
        return true;
    }

    private bool TryNull()
    {
        var isNull = MemoryMarshal.CreateReadOnlySpan(ref Here, 4).SequenceEqual("null"u8);
        _at += isNull ? 4 : 0;
        return isNull;
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

    // A text from its opening quote to behind the closing one.
    private bool TryText(out ReadOnlySpan<byte> text)
    {
        ref var start = ref Unsafe.Add(ref Here, 1);
        var length = JsonTokens.TextLength(ref start);
        text = MemoryMarshal.CreateReadOnlySpan(ref start, length);
        _at += length + 2;
        return Unsafe.Add(ref start, length) == (byte)'"';
    }

    private bool TryToken(out ReadOnlySpan<byte> token)
    {
        token = MemoryMarshal.CreateReadOnlySpan(ref Here, JsonTokens.TokenLength(ref Here));
        _at += token.Length;
        return JsonTokens.IsValid(token);
    }
}
