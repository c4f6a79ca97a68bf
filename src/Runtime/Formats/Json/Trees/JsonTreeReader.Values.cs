using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Penstock.Formats;

/// <content>Values.</content>
public ref partial struct JsonTreeReader
{
    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out int value)
    {
        var start = _at;
        if (TryInteger(out var wide) && (value = (int)wide) == wide)
        {
            return true;
        }

        _at = start;
        return ReadAny(null, out value);
    }

    /// <summary>Reads a whole number.</summary>
    /// <param name="value">The number.</param>
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Read(out long value)
    {
        var start = _at;
        if (TryInteger(out value))
        {
            return true;
        }

        _at = start;
        return ReadAny(null, out value);
    }

    /// <summary>Reads a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read(out double value)
    {
        var start = _at;
        if (!JsonTokens.HasLeadingZero(ref Here) && NumberText.ReadDouble(ref Here, out value) is > 0 and var length && IsEnd(length))
        {
            _at += length;
            return true;
        }

        _at = start;
        return ReadAny(null, out value);
    }

    /// <summary>Reads a decimal number.</summary>
    /// <param name="value">The number.</param>
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
    public bool Read(out decimal value)
    {
        var start = _at;
        if (!JsonTokens.HasLeadingZero(ref Here) && NumberText.ReadDecimal(ref Here, out value) is > 0 and var length && IsEnd(length))
        {
            _at += length;
            return true;
        }

        _at = start;
        return ReadAny(null, out value);
    }

    /// <summary>Reads a date and time in ISO 8601.</summary>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read(out DateTime value)
    {
        if (Here == (byte)'"'
            && Iso8601.ReadInstant(ref Unsafe.Add(ref Here, 1), out var ticks, out var offset) is > 0 and var length
            && Unsafe.Add(ref Here, length + 1) == (byte)'"')
        {
            _at += length + 2;
            value = TextValues.ToUtc(ticks, offset);
            return true;
        }

        return ReadAny(null, out value);
    }

    /// <summary>Reads a value of any other type that a column can have.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(out T value)
        where T : struct => ReadAny(null, out value);

    /// <summary>Reads a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(string format, out T value)
        where T : struct => ReadAny(format, out value);

    /// <summary>Reads a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read in this format.</returns>
    public bool ReadIso<T>(string format, out T value)
        where T : struct
    {
        var start = _at;
        if (Here == (byte)'"' && JsonTokens.TextLength(ref Unsafe.Add(ref Here, 1)) is var length && Unsafe.Add(
            ref Here,
            length + 1) == (byte)'"'
            && TextValues.TryParseIso(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref Here, 1), length), format, out value))
        {
            _at += length + 2;
            return true;
        }

        _at = start;
        return ReadAny(format, out value);
    }

    /// <summary>Reads an instant from a number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(TimeUnit unit, out T value)
        where T : struct
    {
        var start = _at;
        value = default;
        var isRead = TryField(out var field, out var rented)
            && (field.TryRead(unit, out value) || (_explains && Fail(start, field.Error(unit))));
        Return(rented);
        return isRead;
    }

    /// <summary>Reads a value, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(out T? value)
        where T : struct
    {
        Unsafe.SkipInit(out T some);
        var isNull = TryNullOrEmpty();
        var isRead = isNull
            || (typeof(T) == typeof(int) ? Read(out Unsafe.As<T, int>(ref some))
            : typeof(T) == typeof(long) ? Read(out Unsafe.As<T, long>(ref some))
            : typeof(T) == typeof(double) ? Read(out Unsafe.As<T, double>(ref some))
            : typeof(T) == typeof(decimal) ? Read(out Unsafe.As<T, decimal>(ref some))
            : typeof(T) == typeof(DateTime) ? Read(out Unsafe.As<T, DateTime>(ref some))
            : ReadAny(null, out some));
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a date or time in a custom format, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(string format, out T? value)
        where T : struct
    {
        T some = default;
        var isNull = TryNullOrEmpty();
        var isRead = isNull || Read(format, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a date or time in an ISO 8601 format without an offset, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullableIso<T>(string format, out T? value)
        where T : struct
    {
        T some = default;
        var isNull = TryNullOrEmpty();
        var isRead = isNull || ReadIso(format, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads an instant from a number of units since the Unix epoch, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(TimeUnit unit, out T? value)
        where T : struct
    {
        T some = default;
        var isNull = TryNullOrEmpty();
        var isRead = isNull || Read(unit, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a string.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadText(int column, out string value)
    {
        ref var text = ref Unsafe.Add(ref Here, 1);
        var block = Vector128.LoadUnsafe(ref text);
        var stops = JsonTokens.Stops(block);
        if (stops != 0 && Here == (byte)'"')
        {
            var length = BitOperations.TrailingZeroCount(stops);
            if (Unsafe.Add(ref text, length) == (byte)'"' && _strings.Short(block, length, column) is { } found)
            {
                _at += length + 2;
                value = found;
                return true;
            }
        }

        return ReadOtherText(column, out value);
    }

    /// <summary>Reads a string, or null.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullableText(int column, out string? value)
    {
        value = null;
        return TryNull() || ReadText(column, out value!);
    }

    /// <summary>Reads bytes in Base64.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns><c>true</c> if bytes could be read.</returns>
    public bool ReadBytes(out byte[] value)
    {
        var start = _at;
        value = [];
        var isRead = TryField(out var field, out var rented)
            && (field.TryReadBytes(out value) || (_explains && Fail(start, field.BytesError())));
        Return(rented);
        return isRead;
    }

    /// <summary>Reads bytes in Base64, or null.</summary>
    /// <param name="value">The bytes, or null.</param>
    /// <returns><c>true</c> if bytes or null could be read.</returns>
    public bool ReadNullableBytes(out byte[]? value)
    {
        value = null;
        return TryNull() || ReadBytes(out value!);
    }

    /// <summary>Reads any JSON value as it is.</summary>
    /// <param name="value">The JSON value.</param>
    /// <returns>
    /// <c>true</c> if the value is valid, all of its strings are valid, and it is nested no deeper than <see cref="MaxDepth"/>.
    /// </returns>
    public bool ReadElement(out JsonElement value)
    {
        var start = _at;
        value = default;
        if (!Skip())
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, start), (int)(_at - start)));
            value = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return Fail(start, TooDeep);
        }

        return JsonTexts.AreValid(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _data, start), (int)(_at - start)))
            || FailText(start);
    }

    /// <summary>Reads any JSON value as it is; JSON null becomes null.</summary>
    /// <param name="value">The JSON value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullableElement(out JsonElement? value)
    {
        JsonElement some = default;
        var isNull = TryNull();
        var isRead = isNull || ReadElement(out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Skips null.</summary>
    /// <returns><c>true</c> if null is next.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNull()
    {
        var isNull = MemoryMarshal.CreateReadOnlySpan(ref Here, 4).SequenceEqual("null"u8);
        _at += isNull ? 4 : 0;
        return isNull;
    }

    // Reads a value that is null for types other than strings: null or an empty string.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNullOrEmpty()
    {
        var isEmpty = MemoryMarshal.CreateReadOnlySpan(ref Here, 2).SequenceEqual("\"\""u8);
        _at += isEmpty ? 2 : 0;
        return isEmpty || TryNull();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryInteger(out long value)
    {
        ref var text = ref Here;
        var sign = text == (byte)'-' ? 1 : 0;
        text = ref Unsafe.Add(ref text, sign);
        var length = Digits.Read(ref text, out var digits);
        value = ((long)digits ^ -(long)sign) + sign;
        var isWhole = length != 0
            && digits <= (ulong)long.MaxValue + (uint)sign
            && (text != (byte)'0' || length == 1)
            && IsEnd(length + sign);
        _at += length + sign;
        return isWhole;
    }

    // Determines whether a value of a given length may end there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsEnd(int length) => Unsafe.Add(ref Here, length) is <= (byte)' ' or (byte)',' or (byte)'}' or (byte)']';

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadAny<T>(string? format, out T value)
        where T : struct
    {
        var start = _at;
        value = default;
        var isRead = TryField(out var field, out var rented)
            && (field.TryRead(format, out value) || (_explains && Fail(start, field.Error<T>(format))));
        Return(rented);
        return isRead;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadOtherText(int column, out string value)
    {
        var start = _at;
        value = "";
        var isRead = TryField(out var field, out var rented)
            && (field.TryReadText(_strings, column, out value) || (_explains && Fail(start, field.TextError())));
        Return(rented);
        return isRead;
    }
}
