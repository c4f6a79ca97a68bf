using System.ComponentModel;
using System.Text;
using Penstock.Errors;
using Penstock.Time;

namespace Penstock.Formats;

/// <summary>
/// The fields of one row, found one by one: quoted, escaped, in any order. Reads the values of columns, and records the first error.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TextRow
{
    private readonly TextColumn[] _columns;
    private readonly StringCache? _strings;
    private readonly Field[] _fields;
    private readonly bool[] _hasExactName;
    private byte[] _data = [];
    private byte[] _scratch = new byte[256];
    private int _scratchLength;

    internal TextRow(TextColumn[] columns, StringCache? strings)
    {
        _columns = columns;
        _strings = strings;
        _fields = new Field[columns.Length];
        _hasExactName = new bool[columns.Length];
    }

    /// <summary>The name of the column that could not be read; empty if the row as a whole is malformed.</summary>
    internal string ErrorColumn { get; private set; } = "";

    /// <summary>The actual and the expected content; empty while there is no error.</summary>
    internal string Error { get; private set; } = "";

    internal TextColumn[] Columns => _columns;

    /// <summary>Determines whether the row lacks a column. A column that is null or empty is not missing.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns><c>true</c> if the file, the message or the object lacks the column.</returns>
    public bool IsMissing(int column) => _fields[column].Kind == FieldKind.Missing;

    /// <summary>Reads the value of a column.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(int column, out T value)
        where T : struct => TryRead(column, null, out value);

    /// <summary>Reads a date or time in a custom format.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(int column, string format, out T value)
        where T : struct => TryRead(column, format, out value);

    /// <summary>Reads the value of a column, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value could be read or the column is null.</returns>
    public bool ReadNullable<T>(int column, out T? value)
        where T : struct => TryReadNullable(column, null, out value);

    /// <summary>Reads a date or time in a custom format, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns><c>true</c> if the value could be read or the column is null.</returns>
    public bool ReadNullable<T>(int column, string format, out T? value)
        where T : struct => TryReadNullable(column, format, out value);

    /// <summary>Reads an instant from a number of units since the Unix epoch.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool Read<T>(int column, TimeUnit unit, out T value)
        where T : struct
    {
        var field = FieldOf(column);
        return field.TryRead(unit, out value) || Fail(column, field.Error(unit));
    }

    /// <summary>Reads an instant from a number of units since the Unix epoch, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="unit">The unit of the number.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns><c>true</c> if the value could be read or the column is null.</returns>
    public bool ReadNullable<T>(int column, TimeUnit unit, out T? value)
        where T : struct
    {
        T some = default;
        var isNull = FieldOf(column).IsNull;
        var isRead = isNull || Read(column, unit, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a string.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string.</param>
    /// <returns><c>true</c> if the value could be read.</returns>
    public bool ReadText(int column, out string value)
    {
        var field = FieldOf(column);
        return field.TryReadText(_strings!, column, out value) || Fail(column, field.TextError());
    }

    /// <summary>Reads a string, or null.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The string, or null.</param>
    /// <returns><c>true</c> if the value could be read or the column is null.</returns>
    public bool ReadNullableText(int column, out string? value)
    {
        value = null;
        return FieldOf(column).IsNullText || ReadText(column, out value!);
    }

    /// <summary>Reads bytes in Base64.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The bytes.</param>
    /// <returns><c>true</c> if the bytes could be read.</returns>
    public bool ReadBytes(int column, out byte[] value)
    {
        var field = FieldOf(column);
        return field.TryReadBytes(out value) || Fail(column, field.BytesError());
    }

    /// <summary>Reads bytes in Base64, or null.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The bytes, or null.</param>
    /// <returns><c>true</c> if the bytes could be read or the column is null.</returns>
    public bool ReadNullableBytes(int column, out byte[]? value)
    {
        value = null;
        return FieldOf(column).IsNullText || ReadBytes(column, out value!);
    }

    /// <summary>Starts to read a JSON column. <see cref="EndTree"/> ends it.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns>A reader of the column, or of JSON null if the column is missing or empty.</returns>
    public JsonTreeReader Tree(int column)
    {
        ref readonly var field = ref _fields[column];
        if (field.Kind == FieldKind.Tree)
        {
            return JsonTreeReader.Of(_data, field.Start, field.Length, _strings!);
        }

        // The text of a CSV field is not followed by a line break and readable bytes.
        var text = FieldOf(column);
        var json = text.IsNull ? "null"u8 : Text(in field);
        var room = Unescape(json.Length + JsonTreeReader.Slack);
        json.CopyTo(room);
        room[json.Length..].Clear();
        room[json.Length] = (byte)'\n';
        var start = _scratchLength;
        _scratchLength += json.Length + JsonTreeReader.Slack;
        return JsonTreeReader.Of(_scratch, start, json.Length, _strings!);
    }

    /// <summary>Ends reading a JSON column.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="isRead"><c>true</c> if the content could be read.</param>
    /// <param name="json">The reader of the column.</param>
    /// <returns><c>true</c> if the whole column could be read and its value is allowed.</returns>
    public bool EndTree(int column, bool isRead, in JsonTreeReader json)
    {
        var name = _columns[column].Name;
        if (_fields[column].Kind == FieldKind.Missing && !_columns[column].IsNullable)
        {
            return FailRow("the property is missing", name);
        }

        return (isRead && json.IsAtEnd) || (json.Error is { } error
            ? FailRow(error, json.PathOfError(name))
            : FailRow($"the text is not valid JSON: {json.SyntaxError()}", name));
    }

    /// <summary>Returns the text of a field, unparsed and without the cache.</summary>
    internal string TextOf(int column) => FieldOf(column).ToString();

    /// <summary>Starts a row.</summary>
    /// <param name="data">The buffer that contains the row.</param>
    internal void Begin(byte[] data)
    {
        _data = data;
        _scratchLength = 0;
        Error = "";
        ErrorColumn = "";
        Array.Clear(_fields);
        Array.Clear(_hasExactName);
    }

    /// <summary>
    /// Determines whether a property may set a column: its exact name takes precedence over a name in another case, wherever they occur.
    /// </summary>
    internal bool TakesName(int column, bool isExact)
    {
        _hasExactName[column] |= isExact;
        return isExact || !_hasExactName[column];
    }

    /// <summary>Sets a field to a part of the buffer.</summary>
    internal void Set(int column, int start, int length, FieldKind kind, bool isToken = false) =>
        _fields[column] = new Field(start, length, kind, InScratch: false, isToken);

    /// <summary>Returns room for an unescaped field.</summary>
    internal Span<byte> Unescape(int maxLength)
    {
        if (_scratch.Length - _scratchLength < maxLength)
        {
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _scratchLength + maxLength));
        }

        return _scratch.AsSpan(_scratchLength, maxLength);
    }

    /// <summary>Sets a field to the text written to <see cref="Unescape"/>.</summary>
    internal void SetUnescaped(int column, int length)
    {
        _fields[column] = new Field(_scratchLength, length, FieldKind.Quoted, InScratch: true, IsToken: false);
        _scratchLength += length;
    }

    /// <summary>Records that the row as a whole is malformed.</summary>
    internal bool FailRow(string error, string column = "")
    {
        Error = error;
        ErrorColumn = column;
        return false;
    }

    /// <summary>Determines whether the event time of a row is in range, and records an error if it is not.</summary>
    internal bool CheckTime<T, TTime>(in T row)
        where TTime : struct, IEventTime<T>
    {
        long time;
        try
        {
            time = TTime.Of(in row);
        }
        catch (Exception error)
        {
            throw new RowFailedException(isTime: true, error);
        }

        return RowTime.IsValid<T, TTime>(time) || FailRow(EventTimes.OutOfRange(time), TTime.Column);
    }

    /// <summary>Returns a field as text for messages, truncated if it is long.</summary>
    internal static string Shown(ReadOnlySpan<byte> text) =>
        text.Length <= 80 ? $"'{Encoding.UTF8.GetString(text)}'" : $"'{Encoding.UTF8.GetString(text[..80])}…'";

    private bool TryRead<T>(int column, string? format, out T value)
        where T : struct
    {
        var field = FieldOf(column);
        return field.TryRead(format, out value) || Fail(column, field.Error<T>(format));
    }

    private bool TryReadNullable<T>(int column, string? format, out T? value)
        where T : struct
    {
        T some = default;
        var isNull = FieldOf(column).IsNull;
        var isRead = isNull || TryRead(column, format, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    private TextField FieldOf(int column)
    {
        ref readonly var field = ref _fields[column];
        return new TextField(Text(in field), field.Kind, field.IsToken);
    }

    private ReadOnlySpan<byte> Text(in Field field) => (field.InScratch ? _scratch : _data).AsSpan(field.Start, field.Length);

    private bool Fail(int column, string error)
    {
        Error = error;
        ErrorColumn = _columns[column].Name;
        return false;
    }

    private readonly record struct Field(int Start, int Length, FieldKind Kind, bool InScratch, bool IsToken);
}
