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
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The value.</param>
    /// <returns>True.</returns>
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

    /// <summary>Writes a date or time in a format of its own.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The value.</param>
    /// <param name="format">The .NET format string.</param>
    /// <returns>True.</returns>
    public static bool Write<T>(Utf8Buffer output, T value, string format)
        where T : struct
    {
        TextFormats.Write(output, value, format);
        return true;
    }

    /// <summary>Writes a value as plain text, or nothing for null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one.</returns>
    public static bool WriteNullable<T>(Utf8Buffer output, T? value)
        where T : struct => value.HasValue && Write(output, value.GetValueOrDefault());

    /// <summary>Writes a date or time in a format of its own, or nothing for null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The value, or null.</param>
    /// <param name="format">The .NET format string.</param>
    /// <returns>Whether there is one.</returns>
    public static bool WriteNullable<T>(Utf8Buffer output, T? value, string format)
        where T : struct => value.HasValue && Write(output, value.GetValueOrDefault(), format);

    /// <summary>Writes an instant as a whole number of a unit since 1970.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The instant.</param>
    /// <param name="unit">What the number counts.</param>
    /// <returns>True.</returns>
    public static bool Write<T>(Utf8Buffer output, T value, TimeUnit unit)
        where T : struct
    {
        EpochText.Write(output, value, unit);
        return true;
    }

    /// <summary>Writes an instant as a whole number of a unit since 1970, or nothing for null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The instant, or null.</param>
    /// <param name="unit">What the number counts.</param>
    /// <returns>Whether there is one.</returns>
    public static bool WriteNullable<T>(Utf8Buffer output, T? value, TimeUnit unit)
        where T : struct => value.HasValue && Write(output, value.GetValueOrDefault(), unit);

    /// <summary>Writes a text.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="value">The text, or null.</param>
    /// <returns>Whether there is one.</returns>
    public static bool WriteText(Utf8Buffer output, string? value)
    {
        TextFormats.Write(output, value.AsSpan());
        return value != null;
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="value">The bytes, or null.</param>
    /// <returns>Whether there are any.</returns>
    public static bool WriteBytes(Utf8Buffer output, byte[]? value)
    {
        output.Append(value);
        return value != null;
    }

    /// <summary>Writes a row in a text format, without the line end that it has in a file.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="row">The row.</param>
    /// <param name="kind">What it means in a changelog.</param>
    /// <returns>True.</returns>
    public static bool WriteRow<T, TWriter>(Utf8Buffer output, in T row, RowKind kind)
        where TWriter : struct, IRowWriter<T>
    {
        TWriter.Write(output, in row, kind);
        output.RemoveLast();
        return true;
    }

    /// <summary>Writes a row as MemoryPack does.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="output">Where it goes.</param>
    /// <param name="row">The row.</param>
    /// <returns>True.</returns>
    public static bool WriteMemoryPack<T>(Utf8Buffer output, in T row)
    {
        MemoryPackSerializer.Serialize(output, row);
        return true;
    }
}
