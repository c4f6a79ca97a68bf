using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Reads the fields of usual CSV rows one after the other, each while looking for its end. Every method answers false when
/// it meets anything that is not usual: a quote, a value that it cannot read, a line end in the wrong place.
/// </summary>
/// <remarks>
/// Only the readers of files make one, over a buffer in which a line end lies ahead of every row, with slack behind it: no
/// field can be read past its line, which is why nothing here tests for the end of the buffer.
/// </remarks>
public ref struct CsvCursor
{
    private readonly ref byte _data;
    private readonly StringCache _strings;
    private readonly byte _delimiter;
    private nint _at;

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
    /// <returns>Whether it is free of quotes.</returns>
    public bool Skip()
    {
        var end = FieldEnd();
        _at = end;
        return Here != (byte)'"';
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one that fits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out int value)
    {
        ref var text = ref Here;
        var sign = text == (byte)'-' ? 1 : 0;
        var length = Digits.Read(ref Unsafe.Add(ref text, sign), out var digits);
        _at += length + sign;
        value = ((int)digits ^ -sign) + sign;
        return length != 0 && digits <= (ulong)int.MaxValue + (uint)sign;
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one that fits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out long value)
    {
        ref var text = ref Here;
        var sign = text == (byte)'-' ? 1 : 0;
        var length = Digits.Read(ref Unsafe.Add(ref text, sign), out var digits);
        _at += length + sign;
        value = ((long)digits ^ -(long)sign) + sign;
        return length != 0 && digits <= (ulong)long.MaxValue + (uint)sign;
    }

    /// <summary>Reads a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out double value)
    {
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
        var length = Iso8601.ReadInstant(ref Here, out var ticks, out var offset);
        _at += length;
        value = TextValues.ToUtc(ticks, offset);
        return length != 0;
    }

    /// <summary>Reads a value of any other type that a column can have.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(out T value)
        where T : struct
    {
        var end = FieldEnd();
        var text = MemoryMarshal.CreateReadOnlySpan(ref Here, (int)(end - _at));
        _at = end;
        return TextValues.TryParse(text, out value);
    }

    /// <summary>Reads a date or time in a format of its own.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(string format, out T value)
        where T : struct
    {
        var end = FieldEnd();
        var text = MemoryMarshal.CreateReadOnlySpan(ref Here, (int)(end - _at));
        _at = end;
        return TextValues.TryParse(text, format, out value);
    }

    /// <summary>Reads a value, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or the field is empty.</returns>
    public bool ReadNullable<T>(out T? value)
        where T : struct
    {
        value = null;
        if (IsEmpty)
        {
            return true;
        }

        if (!Read(out T some))
        {
            return false;
        }

        value = some;
        return true;
    }

    /// <summary>Reads a date or time in a format of its own, or null from an empty field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or the field is empty.</returns>
    public bool ReadNullable<T>(string format, out T? value)
        where T : struct
    {
        value = null;
        if (IsEmpty)
        {
            return true;
        }

        if (!Read(format, out T some))
        {
            return false;
        }

        value = some;
        return true;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text; empty when the field is.</param>
    /// <returns>Whether it is UTF-8 and free of quotes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadText(int column, out string value)
    {
        var block = Vector128.LoadUnsafe(ref Here);
        var stops = Stops(block);
        if (stops != 0)
        {
            // A quote stops as well; whatever is called next then finds no delimiter there.
            var length = BitOperations.TrailingZeroCount(stops);
            _at += length;
            value = _strings.Short(block, length, column)!;
            return value != null;
        }

        return ReadLongText(column, out value);
    }

    /// <summary>Reads a text, or null from an empty field.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text, or null.</param>
    /// <returns>Whether it is UTF-8 and free of quotes.</returns>
    public bool ReadNullableText(int column, out string? value)
    {
        if (IsEmpty)
        {
            value = null;
            return true;
        }

        return ReadText(column, out value!);
    }

    private readonly bool IsEmpty
    {
        get
        {
            var next = Here;
            return next == _delimiter || next is (byte)'\n' or (byte)'\r';
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadLongText(int column, out string value)
    {
        var end = FieldEnd();
        value = _strings.Find(MemoryMarshal.CreateReadOnlySpan(ref Here, (int)(end - _at)), column)!;
        _at = end;
        return value != null && Here != (byte)'"';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint Stops(Vector128<byte> block) =>
        (Vector128.Equals(block, Vector128.Create(_delimiter))
            | Vector128.Equals(block, Vector128.Create((byte)'\n'))
            | Vector128.Equals(block, Vector128.Create((byte)'\r'))
            | Vector128.Equals(block, Vector128.Create((byte)'"'))).ExtractMostSignificantBits();

    private readonly nint FieldEnd()
    {
        for (var at = _at; ; at += Vector128<byte>.Count)
        {
            var stops = Stops(Vector128.LoadUnsafe(ref Unsafe.Add(ref _data, at)));
            if (stops != 0)
            {
                return at + BitOperations.TrailingZeroCount(stops);
            }
        }
    }
}
