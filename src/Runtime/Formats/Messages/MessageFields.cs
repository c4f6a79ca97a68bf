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
/// The parts of one message, as a connector has them, for the generated reader of its rows. One object serves all messages that a connector
/// reads one after the other, and allocates nothing for them but their strings.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MessageFields
{
    /// <summary>How many bytes must be readable behind a value, the first of them a line end: so far the readers may look ahead.</summary>
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

    /// <summary>Creates the parts of no message.</summary>
    /// <param name="columns">The columns in the value.</param>
    /// <param name="metadata">What is read beside it.</param>
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

    /// <summary>The name of the column that could not be read; empty when the message as a whole is malformed.</summary>
    public string ErrorColumn => _error.Length > 0 ? "" : _value.Error.Length > 0 ? _value.ErrorColumn : _beside.ErrorColumn;

    /// <summary>What was found and what was expected.</summary>
    public string Error => _error.Length > 0 ? _error : _value.Error.Length > 0 ? _value.Error : _beside.Error;

    /// <summary>Begins a message.</summary>
    /// <param name="data">The memory that all its parts lie in.</param>
    /// <param name="start">Where the value begins.</param>
    /// <param name="length">The length of the value in bytes; negative when there is none. Behind it there are <see cref="Slack"/> readable
    /// bytes.</param>
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

    /// <summary>Sets what stands beside the value to a part of the memory.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its length in bytes; negative when there is none.</param>
    public void SetBytes(int metadata, int start, int length)
    {
        _parts[metadata] = new Part(PartKind.Bytes, start, length, null);
        _beside.Set(metadata, start, Math.Max(0, length), length < 0 ? FieldKind.Null : FieldKind.Quoted);
    }

    /// <summary>Sets what stands beside the value to a number.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="number">The number; for an instant, milliseconds since the Unix epoch.</param>
    public void SetNumber(int metadata, long number) => _parts[metadata] = new Part(PartKind.Number, number, 0, null);

    /// <summary>Sets what stands beside the value to a text that the connector has as a string.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="text">The text.</param>
    public void SetText(int metadata, string text) => _parts[metadata] = new Part(PartKind.Text, 0, 0, text);

    /// <summary>Reads a value that is a JSON object.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="row">The row.</param>
    /// <returns>Whether it could be read.</returns>
    public bool TryReadJson<T, TReader>(out T row)
        where TReader : struct, IJsonRowReader<T>
    {
        row = default!;
        if (_length < 0)
        {
            return FailValue();
        }

        var cursor = new JsonCursor(ref MemoryMarshal.GetArrayDataReference(_data), _start, _data.Length, _strings);
        return (TReader.TryRead(ref cursor, out row) && cursor.At == _start + _length + 1)
            || (JsonRowParser.TryParse(_data, _start, _length, _value) && TReader.TryRead(_value, out row));
    }

    /// <summary>Reads a value that is one CSV record, its fields the columns in the order of their declaration.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="row">The row.</param>
    /// <returns>Whether it could be read.</returns>
    public bool TryReadCsv<T, TReader>(out T row)
        where TReader : struct, ICsvRowReader<T>
    {
        row = default!;
        if (_length < 0)
        {
            return FailValue();
        }

        var cursor = new CsvCursor(ref MemoryMarshal.GetArrayDataReference(_data), _start, (byte)',', _strings);
        cursor.BeginRow();
        if (TReader.TryRead(ref cursor, out row) && cursor.At == _start + _length + 1)
        {
            return true;
        }

        // A line end of its own is no part of the last field.
        _layout ??= CsvLayout.Of(_columns);
        var length = _length;
        while (length > 0 && _data[_start + length - 1] is (byte)'\n' or (byte)'\r')
        {
            length--;
        }

        return _layout.TryParse(_data, _start, _start + length, _value) && TReader.TryRead(_value, out row);
    }

    /// <summary>Reads a value that MemoryPack has written.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="row">The row.</param>
    /// <returns>Whether it could be read.</returns>
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

    /// <summary>Whether the message has no such part.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <returns>Whether it is lacking.</returns>
    public bool Lacks(int metadata) => _parts[metadata] is { Kind: PartKind.Bytes, Length: < 0 };

    /// <summary>Reads what stands beside the value.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
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

    /// <summary>Reads what stands beside the value, a date or time in a format of its own.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(int metadata, string format, out T value)
        where T : struct =>
            _parts[metadata].Kind == PartKind.Number ? Read(metadata, out value) : _beside.Read(metadata, format, out value);

    /// <summary>Reads what stands beside the value, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or it is null.</returns>
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

    /// <summary>Reads what stands beside the value, a date or time in a format of its own, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or it is null.</returns>
    public bool ReadNullable<T>(int metadata, string format, out T? value)
        where T : struct => _parts[metadata].Kind == PartKind.Number
            ? ReadNullable(metadata, out value)
            : _beside.ReadNullable(metadata, format, out value);

    /// <summary>Reads an instant that stands beside the value as the text of a number since 1970.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(int metadata, TimeUnit unit, out T value)
        where T : struct => _parts[metadata].Kind == PartKind.Number ? Read(metadata, out value) : _beside.Read(metadata, unit, out value);

    /// <summary>Reads an instant that stands beside the value as the text of a number since 1970, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns>Whether there is one or it is null.</returns>
    public bool ReadNullable<T>(int metadata, TimeUnit unit, out T? value)
        where T : struct =>
            _parts[metadata].Kind == PartKind.Number ? ReadNullable(metadata, out value) : _beside.ReadNullable(metadata, unit, out value);

    /// <summary>Reads a text that stands beside the value.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The text.</param>
    /// <returns>Whether there is one.</returns>
    public bool ReadText(int metadata, out string value)
    {
        if (_parts[metadata].Text is { } text)
        {
            value = text;
            return true;
        }

        return _beside.ReadText(metadata, out value);
    }

    /// <summary>Reads a text that stands beside the value, or null.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The text, or null.</param>
    /// <returns>Whether there is one or it is null.</returns>
    public bool ReadNullableText(int metadata, out string? value)
    {
        if (_parts[metadata].Text is { } text)
        {
            value = text;
            return true;
        }

        return _beside.ReadNullableText(metadata, out value);
    }

    /// <summary>Reads bytes that stand beside the value.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The bytes.</param>
    /// <returns>Whether there are any.</returns>
    public bool ReadBytes(int metadata, out byte[] value)
    {
        ReadNullableBytes(metadata, out var found);
        value = found ?? [];
        return found != null || _beside.FailRow("the value is null, but bytes were expected", _metadata[metadata].Name);
    }

    /// <summary>Reads bytes that stand beside the value, or null.</summary>
    /// <param name="metadata">The index of the column.</param>
    /// <param name="value">The bytes, or null.</param>
    /// <returns>True.</returns>
    public bool ReadNullableBytes(int metadata, out byte[]? value)
    {
        ref readonly var part = ref _parts[metadata];
        value = part.Length < 0 ? null : _data.AsSpan((int)part.Start, part.Length).ToArray();
        return true;
    }

    /// <summary>The value as text, for people.</summary>
    /// <param name="maxLength">How many bytes of it at most.</param>
    /// <returns>The text.</returns>
    public string ValueText(int maxLength) =>
        _length < 0 ? "" : Encoding.UTF8.GetString(_data.AsSpan(_start, Math.Min(_length, maxLength)));

    /// <summary>
    /// Reads a row. A connector calls this and not the reader itself, so that an error in the code of the row's type is told with its
    /// place.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="row">The row that was read.</param>
    /// <returns>Whether all of it could be read; if not, <see cref="Error"/> says what is wrong.</returns>
    public bool TryRead<T, TReader>(out T row)
        where TReader : struct, IMessageReader<T>
    {
        try
        {
            return TReader.TryRead(this, out row);
        }
        catch (Exception error) when (error is RowFailedException or not PipelineException)
        {
            throw RowFailedException.At(null, ValueText(MaxText), error);
        }
    }

    /// <summary>Whether the engine reckons with the event time of a row; if not, that is what is wrong with it.</summary>
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
