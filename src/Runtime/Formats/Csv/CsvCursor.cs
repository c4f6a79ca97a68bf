using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Reads the fields of usual CSV rows one after the other. Every method answers false when it meets anything that is not
/// usual: a quote, a value that it cannot read, a line end in the wrong place.
/// </summary>
/// <remarks>
/// <para>
/// Where fields end is found for 64 bytes at a time, so that a field does not wait for the one before it to be parsed.
/// </para>
/// <para>
/// Only the readers of files make a cursor, over a buffer in which a line end lies ahead of every row, with slack behind
/// it: no field can be read past its line, which is why nothing here tests for the end of the buffer. Everything that is
/// called once per field is inlined, so that the cursor lives in registers.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct CsvCursor
{
    private readonly ref byte _data;
    private readonly StringCache _strings;
    private readonly byte _delimiter;
    private nint _at;

    // Bit n: a delimiter, quote or line end at _window + n. Those before _at are gone.
    private ulong _stops;
    private nint _window;

    internal CsvCursor(ref byte data, int at, byte delimiter, StringCache strings)
    {
        _data = ref data;
        _at = at;
        _delimiter = delimiter;
        _strings = strings;
    }

    /// <summary>How many bytes must be readable behind the last line end.</summary>
    internal const int Slack = 64;

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

    /// <summary>Looks ahead from the start of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeginRow()
    {
        _window = _at;
        _stops = CsvStops.Find(ref Here, _delimiter);
    }

    /// <summary>Goes over the delimiter to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next() => Unsafe.Add(ref _data, _at++) == _delimiter;

    /// <summary>Goes over the line end.</summary>
    /// <returns>Whether the row ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndRow()
    {
        var end = Unsafe.Add(ref _data, _at++);
        return end == (byte)'\n' || (end == (byte)'\r' && Unsafe.Add(ref _data, _at++) == (byte)'\n');
    }

    /// <summary>Goes over a field that nothing reads.</summary>
    /// <returns>True; if the field has a quote, what is called next will find it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Skip()
    {
        _at = FieldEnd();
        return true;
    }

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
        var end = FieldEnd();
        var length = (int)(end - _at);
        _at = end;
        return Digits.TryParseShort(ref text, length, out value) || Digits.TryParse(ref text, length, out value);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out double value)
    {
        ref var text = ref Here;
        var end = FieldEnd();
        var length = (int)(end - _at);
        _at = end;
        return (NumberText.ReadDouble(ref text, out value) == length && length != 0)
            || TextValues.TryParse(MemoryMarshal.CreateReadOnlySpan(ref text, length), out value);
    }

    /// <summary>Reads a decimal number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one that fits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out decimal value)
    {
        ref var text = ref Here;
        var end = FieldEnd();
        var length = (int)(end - _at);
        _at = end;
        return (NumberText.ReadDecimal(ref text, out value) == length && length != 0)
            || TextValues.TryParse(MemoryMarshal.CreateReadOnlySpan(ref text, length), out value);
    }

    /// <summary>Reads a date and time in ISO 8601.</summary>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out DateTime value)
    {
        ref var text = ref Here;
        var end = FieldEnd();
        var length = (int)(end - _at);
        _at = end;
        var isInstant = Iso8601.ReadInstant(ref text, out var ticks, out var offset) == length && length != 0;
        value = TextValues.ToUtc(ticks, offset);
        return isInstant;
    }

    /// <summary>Reads a value of any other type that a column can have.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read<T>(out T value)
        where T : struct => TextValues.TryParse(Field(), out value);

    /// <summary>Reads a date or time in a format of its own.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read<T>(string format, out T value)
        where T : struct => TextValues.TryParse(Field(), format, out value);

    /// <summary>Reads an instant that is a number of a unit since 1970.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read<T>(TimeUnit unit, out T value)
        where T : struct => EpochText.TryParse(Field(), unit, out value);

    /// <summary>Reads an instant that is a number of a unit since 1970, or null from an empty field.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns>Whether there is one or the field is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullable<T>(TimeUnit unit, out T? value)
        where T : struct
    {
        var text = Field();
        var isRead = EpochText.TryParse(text, unit, out T some);
        value = isRead ? some : null;
        return isRead || text.IsEmpty;
    }

    /// <summary>Reads a date and time in a format whose texts are ISO 8601 without an offset.</summary>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one in this format.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadIso(string format, out DateTime value)
    {
        ref var text = ref Here;
        var end = FieldEnd();
        var length = (int)(end - _at);
        _at = end;
        var isInstant = Iso8601.ReadInstant(ref text, out var ticks, out var offset) == length
            && length == format.Length && offset == Iso8601.NoOffset && (length == 10 || Unsafe.Add(ref text, 10) == format[10]);
        value = TextValues.ToUtc(ticks, offset);
        return isInstant;
    }

    /// <summary>Reads a date or time in a format whose texts are ISO 8601 without an offset.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one in this format.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadIso<T>(string format, out T value)
        where T : struct => TextValues.TryParseIso(Field(), format, out value);

    /// <summary>Reads a date or time in a format whose texts are ISO 8601 without an offset, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one in this format or the field is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullableIso<T>(string format, out T? value)
        where T : struct
    {
        var text = Field();
        var isRead = TextValues.TryParseIso(text, format, out T some);
        value = isRead ? some : null;
        return isRead || text.IsEmpty;
    }

    /// <summary>Reads a value, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or the field is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullable<T>(out T? value)
        where T : struct
    {
        var start = _at;
        Unsafe.SkipInit(out T some);
        var isRead =
            typeof(T) == typeof(int) ? Read(out Unsafe.As<T, int>(ref some))
            : typeof(T) == typeof(long) ? Read(out Unsafe.As<T, long>(ref some))
            : typeof(T) == typeof(double) ? Read(out Unsafe.As<T, double>(ref some))
            : typeof(T) == typeof(decimal) ? Read(out Unsafe.As<T, decimal>(ref some))
            : typeof(T) == typeof(DateTime) ? Read(out Unsafe.As<T, DateTime>(ref some))
            : Read<T>(out some);
        value = isRead ? some : null;
        return isRead || _at == start;
    }

    /// <summary>Reads a date or time in a format of its own, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or the field is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullable<T>(string format, out T? value)
        where T : struct
    {
        var text = Field();
        var isRead = TextValues.TryParse(text, format, out T some);
        value = isRead ? some : null;
        return isRead || text.IsEmpty;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text; empty when the field is.</param>
    /// <returns>Whether it is UTF-8; if the field has a quote, what is called next will find it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadText(int column, out string value)
    {
        ref var text = ref Here;
        var end = FieldEnd();
        var length = (int)(end - _at);
        _at = end;
        value = (length < 16
            ? _strings.Short(Vector128.LoadUnsafe(ref text), length, column)
            : _strings.Find(MemoryMarshal.CreateReadOnlySpan(ref text, length), column))!;
        return value != null;
    }

    /// <summary>Reads a text, or null from an empty field.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text, or null.</param>
    /// <returns>Whether it is UTF-8; if the field has a quote, what is called next will find it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullableText(int column, out string? value)
    {
        var isRead = ReadText(column, out value!);
        value = value is { Length: 0 } ? null : value;
        return isRead;
    }

    /// <summary>Reads bytes that are written in Base64.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>Whether it is that; if the field has a quote, what is called next will find it.</returns>
    public bool ReadBytes(out byte[] value) => new TextField(Field(), FieldKind.Plain, isToken: false).TryReadBytes(out value);

    /// <summary>Reads bytes that are written in Base64, or null from an empty field.</summary>
    /// <param name="value">The bytes, or null.</param>
    /// <returns>Whether it is either; if the field has a quote, what is called next will find it.</returns>
    public bool ReadNullableBytes(out byte[]? value)
    {
        var isRead = ReadBytes(out value!);
        value = value.Length == 0 ? null : value;
        return isRead;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Field()
    {
        ref var text = ref Here;
        var end = FieldEnd();
        var field = MemoryMarshal.CreateReadOnlySpan(ref text, (int)(end - _at));
        _at = end;
        return field;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint FieldEnd()
    {
        while (_stops == 0)
        {
            _window += CsvStops.Window;
            _stops = CsvStops.FindNext(ref Unsafe.Add(ref _data, _window), _delimiter);
        }

        var end = _window + BitOperations.TrailingZeroCount(_stops);
        _stops &= _stops - 1;
        return end;
    }
}
