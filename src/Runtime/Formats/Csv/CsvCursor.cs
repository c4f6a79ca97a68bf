using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Reads the fields of simple CSV rows in order. Every method returns <c>false</c> if the text is not simple: a quote, a value that it
/// cannot read, a line break in the wrong place.
/// </summary>
/// <remarks>
/// <para>
/// The ends of fields are found for 64 bytes at a time, so that a field does not wait until the previous one is parsed.
/// </para>
/// <para>
/// Only file readers create a cursor, over a buffer in which a line break follows every row, with slack after it. No field can be read past
/// its line, so no method checks for the end of the buffer. All methods that are called once per field are inlined, so that the cursor
/// stays in registers.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct CsvCursor
{
    private readonly ref byte _data;
    private readonly StringCache _strings;
    private readonly byte _delimiter;
    private nint _at;

    // Bit n is set if _window + n is a delimiter, quote or line break. Bits before _at are cleared.
    private ulong _stops;
    private nint _window;

    internal CsvCursor(ref byte data, int at, byte delimiter, StringCache strings)
    {
        _data = ref data;
        _at = at;
        _delimiter = delimiter;
        _strings = strings;
    }

    /// <summary>The number of readable bytes required after the last line break.</summary>
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

    /// <summary>Starts a row and scans its first window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeginRow()
    {
        _window = _at;
        _stops = CsvStructure.Find(ref Here, _delimiter);
    }

    /// <summary>Skips the delimiter before the next field.</summary>
    /// <returns><c>true</c> if there is a delimiter.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next() => Unsafe.Add(ref _data, _at++) == _delimiter;

    /// <summary>Skips the line break.</summary>
    /// <returns><c>true</c> if the row ends here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndRow()
    {
        var end = Unsafe.Add(ref _data, _at++);
        return end == (byte)'\n' || (end == (byte)'\r' && Unsafe.Add(ref _data, _at++) == (byte)'\n');
    }

    /// <summary>Skips a field that nothing reads.</summary>
    /// <returns>Always <c>true</c>; a quote in the field is detected by the next call.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Skip()
    {
        _at = FieldEnd();
        return true;
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out int value)
    {
        var isWhole = Read(out long wide);
        value = (int)wide;
        return isWhole && value == wide;
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
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
    /// <returns><c>true</c> if the value could be read.</returns>
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
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
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
    /// <returns><c>true</c> if the value could be read.</returns>
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
    /// <returns><c>true</c> if the value could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read<T>(out T value)
        where T : struct => TextValues.TryParse(Field(), out value);

    /// <summary>Reads a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read<T>(string format, out T value)
        where T : struct => TextValues.TryParse(Field(), format, out value);

    /// <summary>Reads an instant from a number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read<T>(TimeUnit unit, out T value)
        where T : struct => EpochText.TryParse(Field(), unit, out value);

    /// <summary>Reads an instant from a number of units since the Unix epoch, or null from an empty field.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns><c>true</c> if the value could be read or the field is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullable<T>(TimeUnit unit, out T? value)
        where T : struct
    {
        var text = Field();
        var isRead = EpochText.TryParse(text, unit, out T some);
        value = isRead ? some : null;
        return isRead || text.IsEmpty;
    }

    /// <summary>Reads a date and time in an ISO 8601 format without an offset.</summary>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read in this format.</returns>
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

    /// <summary>Reads a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read in this format.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadIso<T>(string format, out T value)
        where T : struct => TextValues.TryParseIso(Field(), format, out value);

    /// <summary>Reads a date or time in an ISO 8601 format without an offset, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value could be read in this format or the field is empty.</returns>
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
    /// <returns><c>true</c> if the value could be read or the field is empty.</returns>
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

    /// <summary>Reads a date or time in a custom format, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value could be read or the field is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullable<T>(string format, out T? value)
        where T : struct
    {
        var text = Field();
        var isRead = TextValues.TryParse(text, format, out T some);
        value = isRead ? some : null;
        return isRead || text.IsEmpty;
    }

    /// <summary>Reads a string.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string; empty if the field is empty.</param>
    /// <returns><c>true</c> if the field is valid UTF-8; a quote in the field is detected by the next call.</returns>
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

    /// <summary>Reads a string, or null from an empty field.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string, or null.</param>
    /// <returns><c>true</c> if the field is valid UTF-8; a quote in the field is detected by the next call.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadNullableText(int column, out string? value)
    {
        var isRead = ReadText(column, out value!);
        value = value is { Length: 0 } ? null : value;
        return isRead;
    }

    /// <summary>Reads bytes in Base64.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns><c>true</c> if the field is valid Base64; a quote in the field is detected by the next call.</returns>
    public bool ReadBytes(out byte[] value) => new TextField(Field(), FieldKind.Plain, isToken: false).TryReadBytes(out value);

    /// <summary>Reads bytes in Base64, or null from an empty field.</summary>
    /// <param name="value">The bytes, or null.</param>
    /// <returns><c>true</c> if the field is valid Base64 or empty; a quote in the field is detected by the next call.</returns>
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
            _window += CsvStructure.Window;
            _stops = CsvStructure.FindNext(ref Unsafe.Add(ref _data, _window), _delimiter);
        }

        var end = _window + BitOperations.TrailingZeroCount(_stops);
        _stops &= _stops - 1;
        return end;
    }
}
