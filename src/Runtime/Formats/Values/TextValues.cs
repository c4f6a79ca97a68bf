using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Penstock.Generator.Shared;

namespace Penstock.Formats;

/// <summary>Parses one value from its whole text. The type tests are constant for each instantiation and cost nothing.</summary>
internal static class TextValues
{
    private const NumberStyles Integer = NumberStyles.AllowLeadingSign;
    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int MaxTimeLength = 48;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Parses a value.</summary>
    /// <typeparam name="T">A type of columns other than string, not nullable.</typeparam>
    public static bool TryParse<T>(ReadOnlySpan<byte> text, out T value)
        where T : struct
    {
        Unsafe.SkipInit(out value);
        if (typeof(T) != typeof(char) && text is [.., 0])
        {
            // .NET would ignore it after a number.
            return false;
        }

        if (typeof(T) == typeof(int))
        {
            return int.TryParse(text, Integer, Invariant, out Unsafe.As<T, int>(ref value));
        }

        if (typeof(T) == typeof(long))
        {
            return long.TryParse(text, Integer, Invariant, out Unsafe.As<T, long>(ref value));
        }

        if (typeof(T) == typeof(short))
        {
            return short.TryParse(text, Integer, Invariant, out Unsafe.As<T, short>(ref value));
        }

        if (typeof(T) == typeof(sbyte))
        {
            return sbyte.TryParse(text, Integer, Invariant, out Unsafe.As<T, sbyte>(ref value));
        }

        if (typeof(T) == typeof(byte))
        {
            return byte.TryParse(text, Integer, Invariant, out Unsafe.As<T, byte>(ref value));
        }

        if (typeof(T) == typeof(ushort))
        {
            return ushort.TryParse(text, Integer, Invariant, out Unsafe.As<T, ushort>(ref value));
        }

        if (typeof(T) == typeof(uint))
        {
            return uint.TryParse(text, Integer, Invariant, out Unsafe.As<T, uint>(ref value));
        }

        if (typeof(T) == typeof(ulong))
        {
            return ulong.TryParse(text, Integer, Invariant, out Unsafe.As<T, ulong>(ref value));
        }

        if (typeof(T) == typeof(double))
        {
            return double.TryParse(text, Real, Invariant, out Unsafe.As<T, double>(ref value))
                && (double.IsFinite(Unsafe.As<T, double>(ref value)) || IsNamed(text));
        }

        if (typeof(T) == typeof(float))
        {
            return float.TryParse(text, Real, Invariant, out Unsafe.As<T, float>(ref value))
                && (float.IsFinite(Unsafe.As<T, float>(ref value)) || IsNamed(text));
        }

        if (typeof(T) == typeof(decimal))
        {
            return decimal.TryParse(text, Real, Invariant, out Unsafe.As<T, decimal>(ref value));
        }

        if (typeof(T) == typeof(bool))
        {
            return TryParseBoolean(text, out Unsafe.As<T, bool>(ref value));
        }

        if (typeof(T) == typeof(char))
        {
            Span<char> one = stackalloc char[1];
            var isOne = text.Length is > 0 and < 4
                && Encoding.UTF8.TryGetChars(text, one, out var count)
                && count == 1
                && IsValidUtf8(text);
            Unsafe.As<T, char>(ref value) = one[0];
            return isOne;
        }

        if (typeof(T) == typeof(Guid))
        {
            return Utf8Parser.TryParse(text, out Unsafe.As<T, Guid>(ref value), out var read) && read == text.Length;
        }

        if (typeof(T).IsEnum)
        {
            return EnumText<T>.TryParse(text, out value);
        }

        return TryParseTime(text, out value);
    }

    /// <summary>Parses a date or time in a custom format.</summary>
    /// <typeparam name="T">DateTime, DateTimeOffset, DateOnly, TimeOnly or TimeSpan.</typeparam>
    public static bool TryParse<T>(ReadOnlySpan<byte> text, string format, out T value)
        where T : struct
    {
        Unsafe.SkipInit(out value);
        Span<char> buffer = stackalloc char[TimeFormat.MaxLength];
        if (text.Length > TimeFormat.MaxLength || !Encoding.UTF8.TryGetChars(text, buffer, out var count))
        {
            return false;
        }

        ReadOnlySpan<char> characters = buffer[..count];
        if (typeof(T) == typeof(DateTime))
        {
            return DateTime.TryParseExact(characters, format, Invariant, TimeFormat.DateTimeStyle, out Unsafe.As<T, DateTime>(ref value));
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            return DateTimeOffset.TryParseExact(
                characters,
                format,
                Invariant,
                TimeFormat.DateTimeOffsetStyle,
                out Unsafe.As<T, DateTimeOffset>(ref value));
        }

        if (typeof(T) == typeof(DateOnly))
        {
            return DateOnly.TryParseExact(characters, format, Invariant, TimeFormat.PartStyle, out Unsafe.As<T, DateOnly>(ref value));
        }

        if (typeof(T) == typeof(TimeOnly))
        {
            return TimeOnly.TryParseExact(characters, format, Invariant, TimeFormat.PartStyle, out Unsafe.As<T, TimeOnly>(ref value));
        }

        return typeof(T) == typeof(TimeSpan)
            ? TimeSpan.TryParseExact(characters, format, Invariant, out Unsafe.As<T, TimeSpan>(ref value))
            : TryParse(text, out value);
    }

    /// <summary>Parses a date or time in an ISO 8601 format without an offset.</summary>
    /// <typeparam name="T">DateTime, DateTimeOffset, DateOnly or TimeOnly.</typeparam>
    public static bool TryParseIso<T>(ReadOnlySpan<byte> text, string format, out T value)
        where T : struct
    {
        Unsafe.SkipInit(out value);
        return text.Length == format.Length
            && (typeof(T) == typeof(TimeOnly) || (HasSame(text, format, 10) && HasSame(text, format, 16) && HasSame(text, format, 19)))
            && TryParse(text, out value);
    }

    /// <summary>Returns the expected content for a type, for messages.</summary>
    public static string Expected<T>(string? format)
        where T : struct
    {
        if (format != null && IsTime(typeof(T)))
        {
            return $"a {NameOf(typeof(T))} written as '{format}'";
        }

        return typeof(T).IsEnum ? EnumText<T>.Expected : default(T) switch
        {
            int => "a whole number from -2147483648 to 2147483647",
            long => "a whole number from -9223372036854775808 to 9223372036854775807",
            short => "a whole number from -32768 to 32767",
            sbyte => "a whole number from -128 to 127",
            byte => "a whole number from 0 to 255",
            ushort => "a whole number from 0 to 65535",
            uint => "a whole number from 0 to 4294967295",
            ulong => "a whole number from 0 to 18446744073709551615",
            double => "a number such as 12.5, from -1.7976931348623157E+308 to 1.7976931348623157E+308",
            float => "a number such as 12.5, from -3.4028235E+38 to 3.4028235E+38",
            decimal => "a decimal number such as 12.50",
            bool => "true or false",
            char => "one character",
            Guid => "a Guid such as 01234567-89ab-cdef-0123-456789abcdef",
            DateOnly => "a date such as 2001-01-31",
            TimeOnly => "a time of day such as 13:45:00",
            TimeSpan => "a duration such as 1.02:03:04",
            _ => "a date and time such as 2001-01-31T13:45:00Z",
        };
    }

    /// <summary>Determines whether text is valid UTF-8. A value read from anything else would not be the one in the file.</summary>
    public static bool IsValidUtf8(ReadOnlySpan<byte> text) => System.Text.Unicode.Utf8.IsValid(text);

    // Compares a separator of a date and time. Together with the length this identifies ISO 8601 texts without an offset.
    private static bool HasSame(ReadOnlySpan<byte> text, string format, int at) => at >= text.Length || text[at] == format[at];

    // NaN and the infinities are valid if they are written by name. A number that is too large for its type is not.
    private static bool IsNamed(ReadOnlySpan<byte> text) => !text.ContainsAnyInRange((byte)'0', (byte)'9');

    private static bool IsTime(Type type) =>
        type == typeof(DateTime)
            || type == typeof(DateTimeOffset)
            || type == typeof(DateOnly)
            || type == typeof(TimeOnly)
            || type == typeof(TimeSpan);

    private static string NameOf(Type type) =>
        type == typeof(DateOnly) ? "date" : type == typeof(TimeOnly) ? "time" : type == typeof(TimeSpan) ? "duration" : "date and time";

    private static bool TryParseBoolean(ReadOnlySpan<byte> text, out bool value)
    {
        value = text.Length == 1 ? text[0] == '1' : text.Length == 4;
        return text.Length switch
        {
            1 => text[0] is (byte)'0' or (byte)'1',
            4 => Ascii.EqualsIgnoreCase(text, "true"u8),
            5 => Ascii.EqualsIgnoreCase(text, "false"u8),
            _ => false,
        };
    }

    private static bool TryParseTime<T>(ReadOnlySpan<byte> text, out T value)
        where T : struct
    {
        Unsafe.SkipInit(out value);
        if (typeof(T) == typeof(TimeSpan))
        {
            text = WithoutTooFine(text);
            return Utf8Parser.TryParse(text, out Unsafe.As<T, TimeSpan>(ref value), out var read, 'c') && read == text.Length;
        }

        if (text.Length > MaxTimeLength)
        {
            return false;
        }

        // The methods below look ahead; zeros after the text stop them.
        Span<byte> padded = stackalloc byte[MaxTimeLength + 16];
        padded.Clear();
        text.CopyTo(padded);
        ref var first = ref MemoryMarshal.GetReference(padded);
        if (typeof(T) == typeof(DateOnly))
        {
            var length = Iso8601.ReadDate(ref first, out var days);
            Unsafe.As<T, DateOnly>(ref value) = DateOnly.FromDayNumber((int)days);
            return length > 0 && length == text.Length;
        }

        if (typeof(T) == typeof(TimeOnly))
        {
            var length = Iso8601.ReadTime(ref first, out var ticks);
            Unsafe.As<T, TimeOnly>(ref value) = new TimeOnly(ticks);
            return length > 0 && length == text.Length;
        }

        if (typeof(T) == typeof(DateTime))
        {
            var length = Iso8601.ReadInstant(ref first, out var ticks, out var offset);
            if (length > 0 && length == text.Length)
            {
                Unsafe.As<T, DateTime>(ref value) = ToUtc(ticks, offset);
                return true;
            }

            return false;
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            var length = Iso8601.ReadInstant(ref first, out var ticks, out var offset);
            if (length > 0 && length == text.Length)
            {
                Unsafe.As<T, DateTimeOffset>(ref value) = ToOffset(ticks, offset);
                return true;
            }

            return false;
        }

        throw new NotSupportedException($"Columns of type {typeof(T)} cannot be read from text.");
    }

    // Returns a duration without the eighth and ninth digit of its fraction, as for times of day.
    private static ReadOnlySpan<byte> WithoutTooFine(ReadOnlySpan<byte> text)
    {
        var point = text.LastIndexOf((byte)'.');
        var fraction = text[(point + 1)..];
        return point >= 0
            && fraction.Length is 8 or 9
            && !fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && text[..point].Contains((byte)':')
            ? text[..^(fraction.Length - 7)]
            : text;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DateTime ToUtc(long ticks, int offsetMinutes) =>
        new(offsetMinutes == Iso8601.NoOffset ? ticks : ticks - offsetMinutes * TimeSpan.TicksPerMinute, DateTimeKind.Utc);

    private static DateTimeOffset ToOffset(long ticks, int offsetMinutes) =>
        new(ticks, offsetMinutes == Iso8601.NoOffset ? TimeSpan.Zero : TimeSpan.FromMinutes(offsetMinutes));
}
