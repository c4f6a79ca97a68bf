using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Penstock.Generator.Shared;

namespace Penstock.Formats;

/// <summary>Writes one value as text, without quotes. The type tests are constant for each instantiation and cost nothing.</summary>
internal static class TextFormats
{
    /// <summary>The maximum length of a value without a custom format, except names of enums.</summary>
    public const int MaxLength = 64;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">A type of columns other than string, not nullable.</typeparam>
    public static void Write<T>(Utf8Buffer output, T value)
        where T : struct
    {
        if (typeof(T).IsEnum)
        {
            WriteEnum(output, value);
            return;
        }

        var room = output.GetSpan(MaxLength);
        output.Advance(Format(room, value));
    }

    /// <summary>Writes a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static void Write<T>(Utf8Buffer output, T value, string format)
        where T : struct
    {
        // Text without an offset is read as UTC, so it must be written as UTC.
        if (typeof(T) == typeof(DateTime))
        {
            var time = Unsafe.As<T, DateTime>(ref value);
            Unsafe.As<T, DateTime>(ref value) = time.Kind == DateTimeKind.Local
                ? time.ToUniversalTime()
                : DateTime.SpecifyKind(time, DateTimeKind.Utc);
        }

        if (typeof(T) == typeof(DateTimeOffset) && !TimeFormat.HasOffset(format))
        {
            Unsafe.As<T, DateTimeOffset>(ref value) = Unsafe.As<T, DateTimeOffset>(ref value).ToUniversalTime();
        }

        var size = MaxLength;
        int count;
        while (!TryFormat(output.GetSpan(size), value, format, out count))
        {
            size *= 2;
        }

        output.Advance(count);
    }

    /// <summary>Writes a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">DateTime, DateTimeOffset, DateOnly or TimeOnly.</typeparam>
    /// <param name="room">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="value">The value; it is written as UTC.</param>
    /// <param name="format">The .NET format string.</param>
    /// <returns>The number of bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FormatIso<T>(Span<byte> room, T value, string format)
        where T : struct
    {
        if (typeof(T) == typeof(DateTime))
        {
            var time = Unsafe.As<T, DateTime>(ref value);
            return IsoText.Write(room, (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks, format);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            return IsoText.Write(room, Unsafe.As<T, DateTimeOffset>(ref value).UtcTicks, format);
        }

        if (typeof(T) == typeof(DateOnly))
        {
            return IsoText.WriteDate(room, Unsafe.As<T, DateOnly>(ref value).DayNumber);
        }

        return typeof(T) == typeof(TimeOnly)
            ? IsoText.WriteTime(room, Unsafe.As<T, TimeOnly>(ref value).Ticks, format.Length)
            : throw new NotSupportedException($"Columns of type {typeof(T)} have no ISO 8601 format.");
    }

    /// <summary>Writes UTF-16 as UTF-8; an unpaired surrogate becomes U+FFFD.</summary>
    public static void Write(Utf8Buffer output, ReadOnlySpan<char> text)
    {
        Utf8.FromUtf16(text, output.GetSpan(text.Length * 3), out _, out var count);
        output.Advance(count);
    }

    /// <summary>Writes bytes in Base64.</summary>
    public static void WriteBase64(Utf8Buffer output, ReadOnlySpan<byte> value)
    {
        System.Buffers.Text.Base64.EncodeToUtf8(
            value,
            output.GetSpan(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(value.Length)),
            out _,
            out var count);
        output.Advance(count);
    }

    private static bool TryFormat<T>(Span<byte> room, T value, string format, out int count)
        where T : struct
    {
        if (typeof(T) == typeof(DateTime))
        {
            return Unsafe.As<T, DateTime>(ref value).TryFormat(room, out count, format, Invariant);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            return Unsafe.As<T, DateTimeOffset>(ref value).TryFormat(room, out count, format, Invariant);
        }

        if (typeof(T) == typeof(DateOnly))
        {
            return Unsafe.As<T, DateOnly>(ref value).TryFormat(room, out count, format, Invariant);
        }

        if (typeof(T) == typeof(TimeOnly))
        {
            return Unsafe.As<T, TimeOnly>(ref value).TryFormat(room, out count, format, Invariant);
        }

        if (typeof(T) == typeof(TimeSpan))
        {
            return Unsafe.As<T, TimeSpan>(ref value).TryFormat(room, out count, format, Invariant);
        }

        throw new NotSupportedException($"Columns of type {typeof(T)} have no format of their own.");
    }

    /// <summary>Writes a value other than an enum.</summary>
    /// <typeparam name="T">A type of columns other than enum and string, not nullable.</typeparam>
    /// <param name="room">At least <see cref="MaxLength"/> bytes; bytes after the value may change.</param>
    /// <param name="value">The value.</param>
    /// <returns>The length in bytes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Format<T>(Span<byte> room, T value)
        where T : struct
    {
        int count;
        if (typeof(T) == typeof(int))
        {
            count = IntegerText.Write(room, (long)Unsafe.As<T, int>(ref value));
        }
        else if (typeof(T) == typeof(long))
        {
            count = IntegerText.Write(room, Unsafe.As<T, long>(ref value));
        }
        else if (typeof(T) == typeof(short))
        {
            count = IntegerText.Write(room, (long)Unsafe.As<T, short>(ref value));
        }
        else if (typeof(T) == typeof(sbyte))
        {
            count = IntegerText.Write(room, (long)Unsafe.As<T, sbyte>(ref value));
        }
        else if (typeof(T) == typeof(byte))
        {
            count = IntegerText.Write(room, (ulong)Unsafe.As<T, byte>(ref value));
        }
        else if (typeof(T) == typeof(ushort))
        {
            count = IntegerText.Write(room, (ulong)Unsafe.As<T, ushort>(ref value));
        }
        else if (typeof(T) == typeof(uint))
        {
            count = IntegerText.Write(room, (ulong)Unsafe.As<T, uint>(ref value));
        }
        else if (typeof(T) == typeof(ulong))
        {
            count = IntegerText.Write(room, Unsafe.As<T, ulong>(ref value));
        }
        else if (typeof(T) == typeof(double))
        {
            Unsafe.As<T, double>(ref value).TryFormat(room, out count, default, Invariant);
        }
        else if (typeof(T) == typeof(float))
        {
            Unsafe.As<T, float>(ref value).TryFormat(room, out count, default, Invariant);
        }
        else if (typeof(T) == typeof(decimal))
        {
            Unsafe.As<T, decimal>(ref value).TryFormat(room, out count, default, Invariant);
        }
        else if (typeof(T) == typeof(Guid))
        {
            Unsafe.As<T, Guid>(ref value).TryFormat(room, out count);
        }
        else if (typeof(T) == typeof(bool))
        {
            var text = Unsafe.As<T, bool>(ref value) ? "true"u8 : "false"u8;
            text.CopyTo(room);
            count = text.Length;
        }
        else if (typeof(T) == typeof(char))
        {
            Utf8.FromUtf16([Unsafe.As<T, char>(ref value)], room, out _, out count);
        }
        else if (typeof(T) == typeof(DateTime))
        {
            var time = Unsafe.As<T, DateTime>(ref value);
            count = IsoText.WriteInstant(room, (time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time).Ticks, 0);
        }
        else if (typeof(T) == typeof(DateTimeOffset))
        {
            var time = Unsafe.As<T, DateTimeOffset>(ref value);
            count = IsoText.WriteInstant(room, time.Ticks, time.TotalOffsetMinutes);
        }
        else if (typeof(T) == typeof(DateOnly))
        {
            count = IsoText.WriteDate(room, Unsafe.As<T, DateOnly>(ref value).DayNumber);
        }
        else if (typeof(T) == typeof(TimeOnly))
        {
            count = IsoText.WriteTime(room, Unsafe.As<T, TimeOnly>(ref value).Ticks);
        }
        else if (typeof(T) == typeof(TimeSpan))
        {
            Unsafe.As<T, TimeSpan>(ref value).TryFormat(room, out count, default, Invariant);
        }
        else
        {
            throw new NotSupportedException($"Columns of type {typeof(T)} cannot be written as text.");
        }

        return count;
    }

    private static void WriteEnum<T>(Utf8Buffer output, T value)
        where T : struct
    {
        var name = EnumText<T>.NameOf(value);
        if (!name.IsEmpty)
        {
            output.Append(name);
            return;
        }

        var room = output.GetSpan(MaxLength);
        var isSigned = Type.GetTypeCode(typeof(T)) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;
        int count;
        switch (Unsafe.SizeOf<T>())
        {
            case 1:
                var one = Unsafe.As<T, byte>(ref value);
                count = Format(room, isSigned ? (sbyte)one : (long)one);
                break;
            case 2:
                var two = Unsafe.As<T, ushort>(ref value);
                count = Format(room, isSigned ? (short)two : (long)two);
                break;
            case 4:
                var four = Unsafe.As<T, uint>(ref value);
                count = Format(room, isSigned ? (int)four : (long)four);
                break;
            default:
                var eight = Unsafe.As<T, ulong>(ref value);
                count = isSigned ? Format(room, (long)eight) : Format(room, eight);
                break;
        }

        output.Advance(count);
    }
}
