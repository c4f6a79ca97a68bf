using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MemoryPack;
using Penstock.Errors;
using Penstock.Time;

namespace Penstock.Formats;

/// <summary>
/// The parts of one message for the generated reader of its rows, set by a connector. One instance is reused for all messages that a
/// connector reads in sequence, and allocates only their strings.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MessageFields
{
    /// <summary>
    /// The number of readable bytes required after a value, the first of which is a line break, because readers look ahead.
    /// </summary>
    public const int Slack = CsvCursor.Slack + 1;

    private const int MaxText = 64 * 1024;

    private readonly TextColumn[] _columns;
    private readonly MetadataColumn[] _metadata;
    private readonly StringCache _strings;
    private readonly TextRow _value;
    private readonly TextRow _beside;
    private readonly Part[] _parts;
    private CsvLayout? _layout;
    private byte[] _data = [];
    private int _start;
    private int _length;
    private string _error = "";

    /// <summary>Creates an instance without a message.</summary>
    /// <param name="columns">The columns in the value.</param>
    /// <param name="metadata">The metadata columns.</param>
    public MessageFields(TextColumn[] columns, MetadataColumn[] metadata)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(metadata);
        _columns = columns;
        _metadata = metadata;
        _strings = new StringCache(columns.Length);
        _value = new TextRow(columns, _strings);
        _beside = new TextRow(
            [.. metadata.Select(static column => new TextColumn(column.Name, isNullable: column.IsNullable))],
            new StringCache(metadata.Length));
        _parts = new Part[metadata.Length];
    }

    /// <summary>The character between the fields of a CSV record; by default a comma.</summary>
    public byte Delimiter { get; init; } = (byte)',';

    /// <summary>The name of the column that could not be read; empty if the message as a whole is malformed.</summary>
    public string ErrorColumn => _error.Length > 0 ? "" : _value.Error.Length > 0 ? _value.ErrorColumn : _beside.ErrorColumn;

    /// <summary>The actual and the expected content.</summary>
    public string Error => _error.Length > 0 ? _error : _value.Error.Length > 0 ? _value.Error : _beside.Error;

    /// <summary>Starts a message.</summary>
    /// <param name="data">The memory that contains all parts.</param>
    /// <param name="start">The start of the value.</param>
    /// <param name="length">
    /// The length of the value in bytes, or negative if there is none. It must be followed by <see cref="Slack"/> readable bytes.
    /// </param>
    public void Begin(byte[] data, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (length >= 0 && (start < 0 || data.Length - start - Slack < length || data[start + length] != (byte)'\n'))
        {
            throw new ArgumentException("A line end and more must be readable behind the value.", nameof(length));
        }

        (_data, _start, _length) = (data, start, length);
        _error = "";
        _strings.Rows++;
        _value.Begin(data);
        _beside.Begin(data);
    }

    /// <summary>Sets a metadata column to a part of the memory.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="start">The start of the part.</param>
    /// <param name="length">The length of the part in bytes, or negative if there is none.</param>
    public void SetBytes(int metadata, int start, int length)
    {
        _parts[metadata] = new Part(PartKind.Bytes, start, length, null);
        _beside.Set(metadata, start, Math.Max(0, length), length < 0 ? FieldKind.Null : FieldKind.Quoted);
    }

    /// <summary>Sets a metadata column to a number.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="number">The number; for an instant, milliseconds since the Unix epoch.</param>
    public void SetNumber(int metadata, long number) => _parts[metadata] = new Part(PartKind.Number, number, 0, null);

    /// <summary>Sets a metadata column to a string of the connector.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="text">The string.</param>
    public void SetText(int metadata, string text) => _parts[metadata] = new Part(PartKind.Text, 0, 0, text);

    /// <summary>Reads a value that is a JSON object.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="row">The row.</param>
    /// <returns><c>true</c> if the row could be read.</returns>
    public bool TryReadJson<T, TReader>(out T row)
        where TReader : struct, IJsonRowReader<T>
    {
        row = default!;
        if (_length < 0)
        {
            return FailValue();
        }

        var cursor = new JsonCursor(ref MemoryMarshal.GetArrayDataReference(_data), _start, _data.Length, _strings);
        return (TReader.TryRead(ref cursor, out row!) && cursor.At == _start + _length + 1)
            || (JsonRowParser.TryParse(_data, _start, _length, _value) && TReader.TryRead(_value, out row!));
    }

    /// <summary>Reads a value that is one CSV record, with the columns in the order of their declaration.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="row">The row.</param>
    /// <returns><c>true</c> if the row could be read.</returns>
    public bool TryReadCsv<T, TReader>(out T row)
        where TReader : struct, ICsvRowReader<T>
    {
        row = default!;
        if (_length < 0)
        {
            return FailValue();
        }

        var cursor = new CsvCursor(ref MemoryMarshal.GetArrayDataReference(_data), _start, Delimiter, _strings);
        cursor.BeginRow();
        if (TReader.TryRead(ref cursor, out row!) && cursor.At == _start + _length + 1)
        {
            return true;
        }

        // A trailing line break is not part of the last field.
        _layout ??= CsvLayout.Of(_columns, Delimiter);
        var length = _length;
        while (length > 0 && _data[_start + length - 1] is (byte)'\n' or (byte)'\r')
        {
            length--;
        }

        return _layout.TryParse(_data, _start, _start + length, _value) && TReader.TryRead(_value, out row!);
    }

    /// <summary>Reads a value written by MemoryPack.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="row">The row.</param>
    /// <returns><c>true</c> if the row could be read.</returns>
    public bool TryReadMemoryPack<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(out T row)
    {
        row = default!;
        if (_length < 0)
        {
            return FailValue();
        }

        try
        {
            T? found = default;
            var count = MemoryPackSerializer.Deserialize(_data.AsSpan(_start, _length), ref found);
            if (found is null || count != _length)
            {
                return Fail(found is null
                    ? "the value is null"
                    : $"MemoryPack has read {count} of {_length} bytes: the value is that of another type");
            }

            row = found;
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return Fail($"MemoryPack cannot read the value: {error.Message}");
        }
    }

    /// <summary>Determines whether the message lacks a part.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <returns><c>true</c> if the part is missing.</returns>
    public bool IsMissing(int metadata) => _parts[metadata] is { Kind: PartKind.Bytes, Length: < 0 };

    /// <summary>Reads a metadata column.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(int metadata, out T value)
        where T : struct
    {
        ref readonly var part = ref _parts[metadata];
        if (part.Kind != PartKind.Number)
        {
            return _beside.Read(metadata, out value);
        }

        return TryOfNumber(metadata, part.Start, out value);
    }

    /// <summary>Reads a date or time from a metadata column, in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(int metadata, string format, out T value)
        where T : struct =>
            _parts[metadata].Kind == PartKind.Number ? Read(metadata, out value) : _beside.Read(metadata, format, out value);

    /// <summary>Reads a metadata column, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(int metadata, out T? value)
        where T : struct
    {
        if (_parts[metadata].Kind != PartKind.Number)
        {
            return _beside.ReadNullable(metadata, out value);
        }

        var isRead = TryOfNumber(metadata, _parts[metadata].Start, out T number);
        value = number;
        return isRead;
    }

    /// <summary>Reads a date or time from a metadata column in a custom format, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(int metadata, string format, out T? value)
        where T : struct => _parts[metadata].Kind == PartKind.Number
            ? ReadNullable(metadata, out value)
            : _beside.ReadNullable(metadata, format, out value);

    /// <summary>Reads an instant from a metadata column with the text of a number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(int metadata, TimeUnit unit, out T value)
        where T : struct => _parts[metadata].Kind == PartKind.Number ? Read(metadata, out value) : _beside.Read(metadata, unit, out value);

    /// <summary>Reads an instant from a metadata column with the text of a number of units since the Unix epoch, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns><c>true</c> if the value or null could be read.</returns>
    public bool ReadNullable<T>(int metadata, TimeUnit unit, out T? value)
        where T : struct =>
            _parts[metadata].Kind == PartKind.Number ? ReadNullable(metadata, out value) : _beside.ReadNullable(metadata, unit, out value);

    /// <summary>Reads a string from a metadata column.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The string.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool ReadText(int metadata, out string value)
    {
        if (_parts[metadata].Text is { } text)
        {
            value = text;
            return true;
        }

        return _beside.ReadText(metadata, out value);
    }

    /// <summary>Reads a string from a metadata column, or null.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The string, or null.</param>
    /// <returns><c>true</c> if the string or null could be read.</returns>
    public bool ReadNullableText(int metadata, out string? value)
    {
        if (_parts[metadata].Text is { } text)
        {
            value = text;
            return true;
        }

        return _beside.ReadNullableText(metadata, out value);
    }

    /// <summary>Reads bytes from a metadata column.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The bytes.</param>
    /// <returns><c>true</c> if there are bytes.</returns>
    public bool ReadBytes(int metadata, out byte[] value)
    {
        ReadNullableBytes(metadata, out var found);
        value = found ?? [];
        return found != null || _beside.FailRow("the value is null, but bytes were expected", _metadata[metadata].Name);
    }

    /// <summary>Reads bytes from a metadata column, or null.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The bytes, or null.</param>
    /// <returns>Always <c>true</c>.</returns>
    public bool ReadNullableBytes(int metadata, out byte[]? value)
    {
        ref readonly var part = ref _parts[metadata];
        value = part.Length < 0 ? null : _data.AsSpan((int)part.Start, part.Length).ToArray();
        return true;
    }

    /// <summary>Returns the value as text, for messages.</summary>
    /// <param name="maxLength">The maximum number of bytes to convert.</param>
    /// <returns>The text.</returns>
    public string ValueText(int maxLength) =>
        _length < 0 ? "" : Encoding.UTF8.GetString(_data.AsSpan(_start, Math.Min(_length, maxLength)));

    /// <summary>
    /// Reads a row. A connector calls this method, not the reader itself, so that an exception in code of the row type is reported with its
    /// position.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="row">The row that was read.</param>
    /// <returns><c>true</c> if the whole row could be read; otherwise <see cref="Error"/> describes the error.</returns>
    public bool TryRead<T, TReader>(out T row)
        where TReader : struct, IMessageReader<T>
    {
        try
        {
            return TReader.TryRead(this, out row!);
        }
        catch (Exception error) when (error is RowFailedException or not PipelineException)
        {
            throw RowFailedException.At(null, ValueText(MaxText), error);
        }
    }

    /// <summary>Determines whether the event time of a row is in range, and records an error if it is not.</summary>
    internal bool CheckTime<T, TTime>(in T row)
        where TTime : struct, IEventTime<T> => _value.CheckTime<T, TTime>(in row);

    private bool TryOfNumber<T>(int metadata, long number, out T value)
        where T : struct
    {
        if ((typeof(T) == typeof(DateTimeOffset) || typeof(T) == typeof(DateTime)) && !BadMessage.IsInCalendar(number))
        {
            value = default;
            return _beside.FailRow($"{number} ms since 1970 is no time in the years 1 to 9999", _metadata[metadata].Name);
        }

        value = OfNumber<T>(number);
        return true;
    }

    private static T OfNumber<T>(long number)
        where T : struct
    {
        if (typeof(T) == typeof(int))
        {
            var narrow = (int)number;
            return Unsafe.As<int, T>(ref narrow);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(number);
            return Unsafe.As<DateTimeOffset, T>(ref instant);
        }

        if (typeof(T) == typeof(DateTime))
        {
            var instant = DateTime.UnixEpoch.AddMilliseconds(number);
            return Unsafe.As<DateTime, T>(ref instant);
        }

        return typeof(T) == typeof(long)
            ? Unsafe.As<long, T>(ref number)
            : throw new NotSupportedException($"A number beside a message cannot be read as {typeof(T)}.");
    }

    private bool FailValue() => Fail("the message has no value: it is a tombstone, which deletes its key");

    private bool Fail(string error)
    {
        _error = error;
        return false;
    }

    private enum PartKind : byte
    {
        Bytes,
        Number,
        Text,
    }

    private readonly record struct Part(PartKind Kind, long Start, int Length, string? Text);
}
