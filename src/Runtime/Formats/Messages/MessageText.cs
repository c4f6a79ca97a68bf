using System.ComponentModel;
using System.Runtime.CompilerServices;
using MemoryPack;

namespace Penstock.Formats;

/// <summary>Writes the parts of a message: keys and headers as plain text, values in their format. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MessageText
{
    /// <summary>Writes a value as plain text: ISO 8601 for dates and times, the name for enums, invariant for numbers.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The value.</param>
    /// <returns>Always <c>true</c>.</returns>
    public static bool Write<T>(Utf8Buffer output, T value)
        where T : struct
    {
        if (typeof(T) == typeof(char))
        {
            TextFormats.Write(output, [Unsafe.As<T, char>(ref value)]);
        }
        else
        {
            TextFormats.Write(output, value);
        }

        return true;
    }

    /// <summary>
    /// Returns a key in the one form in which a message has it, so that equal keys have equal bytes: a decimal without trailing zeros, a
    /// date and time in UTC.
    /// </summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="key">The key.</param>
    /// <returns>An equal key.</returns>
    public static T Canonical<T>(T key)
        where T : struct
    {
        if (typeof(T) == typeof(decimal))
        {
            // A division drops the trailing zeros of its result.
            ref var number = ref Unsafe.As<T, decimal>(ref key);
            number /= 1.0000000000000000000000000000m;
        }
        else if (typeof(T) == typeof(DateTimeOffset))
        {
            ref var time = ref Unsafe.As<T, DateTimeOffset>(ref key);
            time = time.ToUniversalTime();
        }
        else if (typeof(T) == typeof(DateTime))
        {
            // Keys compare the ticks. A time without a zone counts as UTC everywhere.
            ref var time = ref Unsafe.As<T, DateTime>(ref key);
            time = DateTime.SpecifyKind(time, DateTimeKind.Utc);
        }

        return key;
    }

    /// <summary>Returns a key in the one form in which a message has it; null stays null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="key">The key, or null.</param>
    /// <returns>An equal key.</returns>
    public static T? Canonical<T>(T? key)
        where T : struct => key.HasValue ? Canonical(key.GetValueOrDefault()) : null;

    /// <summary>Writes a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The value.</param>
    /// <param name="format">The .NET format string.</param>
    /// <returns>Always <c>true</c>.</returns>
    public static bool Write<T>(Utf8Buffer output, T value, string format)
        where T : struct
    {
        TextFormats.Write(output, value, format);
        return true;
    }

    /// <summary>Writes a value as plain text, or nothing for null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value is not null.</returns>
    public static bool WriteNullable<T>(Utf8Buffer output, T? value)
        where T : struct => value.HasValue && Write(output, value.GetValueOrDefault());

    /// <summary>Writes a date or time in a custom format, or nothing for null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The value, or null.</param>
    /// <param name="format">The .NET format string.</param>
    /// <returns><c>true</c> if the value is not null.</returns>
    public static bool WriteNullable<T>(Utf8Buffer output, T? value, string format)
        where T : struct => value.HasValue && Write(output, value.GetValueOrDefault(), format);

    /// <summary>Writes an instant as a whole number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The instant.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <returns>Always <c>true</c>.</returns>
    public static bool Write<T>(Utf8Buffer output, T value, TimeUnit unit)
        where T : struct
    {
        EpochText.Write(output, value, unit);
        return true;
    }

    /// <summary>Writes an instant as a whole number of units since the Unix epoch, or nothing for null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The instant, or null.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <returns><c>true</c> if the value is not null.</returns>
    public static bool WriteNullable<T>(Utf8Buffer output, T? value, TimeUnit unit)
        where T : struct => value.HasValue && Write(output, value.GetValueOrDefault(), unit);

    /// <summary>Writes a string.</summary>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The string, or null.</param>
    /// <returns><c>true</c> if the string is not null.</returns>
    public static bool WriteText(Utf8Buffer output, string? value)
    {
        TextFormats.Write(output, value.AsSpan());
        return value != null;
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="output">The output buffer.</param>
    /// <param name="value">The bytes, or null.</param>
    /// <returns><c>true</c> if the bytes are not null.</returns>
    public static bool WriteBytes(Utf8Buffer output, byte[]? value)
    {
        output.Append(value);
        return value != null;
    }

    /// <summary>Writes a row in a text format, without the line break that it has in a file.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="row">The row.</param>
    /// <param name="kind">The row kind in a changelog.</param>
    /// <returns>Always <c>true</c>.</returns>
    public static bool WriteRow<T, TWriter>(Utf8Buffer output, in T row, RowKind kind)
        where TWriter : struct, IRowWriter<T>
    {
        TWriter.Write(output, in row, kind);
        output.RemoveLast();
        return true;
    }

    /// <summary>Writes a row with MemoryPack.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="output">The output buffer.</param>
    /// <param name="row">The row.</param>
    /// <returns>Always <c>true</c>.</returns>
    public static bool WriteMemoryPack<T>(Utf8Buffer output, in T row)
    {
        MemoryPackSerializer.Serialize(output, row);
        return true;
    }
}
