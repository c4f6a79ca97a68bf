using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <content>Numbers, dates and times, and other values of a fixed size.</content>
public ref partial struct JsonCursor
{
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
    /// <returns><c>true</c> if the value could be read.</returns>
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
    /// <returns><c>true</c> if a number that fits the type could be read.</returns>
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
    /// <returns><c>true</c> if the value could be read.</returns>
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
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"'
            ? TryText(out var quoted) && TextValues.TryParse(quoted, out value)
            : TryToken(out var token) && TextValues.TryParse(token, out value);
    }

    /// <summary>Reads a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(string format, out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"' && TryText(out var text) && TextValues.TryParse(text, format, out value);
    }

    /// <summary>Reads an instant from a number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(TimeUnit unit, out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"'
            ? TryText(out var quoted) && EpochText.TryParse(quoted, unit, out value)
            : TryToken(out var token) && EpochText.TryParse(token, unit, out value);
    }

    /// <summary>Reads an instant from a number of units since the Unix epoch, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(TimeUnit unit, out T? value)
        where T : struct
    {
        var isNull = TryNull();
        T some = default;
        var isRead = isNull || Read(unit, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a date and time in an ISO 8601 format without an offset.</summary>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read in this format.</returns>
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

    /// <summary>Reads a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read in this format.</returns>
    public bool ReadIso<T>(string format, out T value)
        where T : struct
    {
        value = default;
        return Here == (byte)'"' && TryText(out var text) && TextValues.TryParseIso(text, format, out value);
    }

    /// <summary>Reads a date or time in an ISO 8601 format without an offset, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
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
    /// <returns><c>true</c> if the value or null could be read.</returns>
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

    /// <summary>Reads a date or time in a custom format, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(string format, out T? value)
        where T : struct
    {
        var isNull = TryNull();
        T some = default;
        var isRead = isNull || Read(format, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }
}
