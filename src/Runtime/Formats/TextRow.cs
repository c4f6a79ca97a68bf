using System.ComponentModel;
using System.Text;
using Penstock.Sources;
using Penstock.Time;

namespace Penstock.Formats;

/// <summary>
/// The fields of one row, found one by one: quoted, escaped, in any order. Reads the values of columns, and keeps what is
/// wrong with the first one that cannot be read.
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

    internal enum FieldKind : byte
    {
        Missing,
        Null,
        Plain,
        Quoted,
        Composite,
    }

    /// <summary>The name of the column that could not be read; empty when the row as a whole is malformed.</summary>
    internal string ErrorColumn { get; private set; } = "";

    /// <summary>What was found and what was expected; empty while nothing is wrong.</summary>
    internal string Error { get; private set; } = "";

    internal TextColumn[] Columns => _columns;

    /// <summary>Whether the row has no such column. One that is null or empty is there.</summary>
    /// <param name="column">The index of the column.</param>
    /// <returns>Whether the file, the message or the object lacks it.</returns>
    public bool Lacks(int column) => _fields[column].Kind == FieldKind.Missing;

    /// <summary>Reads the value of a column.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(int column, out T value)
        where T : struct => TryRead(column, null, out value);

    /// <summary>Reads a date or time in a format of its own.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(int column, string format, out T value)
        where T : struct => TryRead(column, format, out value);

    /// <summary>Reads the value of a column, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or the column is null.</returns>
    public bool ReadNullable<T>(int column, out T? value)
        where T : struct => TryReadNullable(column, null, out value);

    /// <summary>Reads a date or time in a format of its own, or null.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="format">The .NET format string.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>Whether there is one or the column is null.</returns>
    public bool ReadNullable<T>(int column, string format, out T? value)
        where T : struct => TryReadNullable(column, format, out value);

    /// <summary>Reads an instant that is a number of a unit since 1970.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC.</param>
    /// <returns>Whether there is one.</returns>
    public bool Read<T>(int column, TimeUnit unit, out T value)
        where T : struct
    {
        ref readonly var field = ref _fields[column];
        value = default;
        if (IsNothing(in field, isQuotedText: true))
        {
            return Fail(column, $"{Nothing(field.Kind)}, but {EpochText.Expected(unit)} was expected");
        }

        var text = Text(in field);
        return (field.Kind != FieldKind.Composite && EpochText.TryParse(text, unit, out value)) || Fail(column, $"{Shown(text)} is not {EpochText.Expected(unit)}");
    }

    /// <summary>Reads an instant that is a number of a unit since 1970, or null.</summary>
    /// <typeparam name="T">DateTime or DateTimeOffset.</typeparam>
    /// <param name="column">The index of the column.</param>
    /// <param name="unit">What the number counts.</param>
    /// <param name="value">The instant, in UTC, or null.</param>
    /// <returns>Whether there is one or the column is null.</returns>
    public bool ReadNullable<T>(int column, TimeUnit unit, out T? value)
        where T : struct
    {
        T some = default;
        var isNull = IsNothing(in _fields[column], isQuotedText: false);
        var isRead = isNull || Read(column, unit, out some);
        value = isNull || !isRead ? null : some;
        return isRead;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text.</param>
    /// <returns>Whether there is one.</returns>
    public bool ReadText(int column, out string value)
    {
        ref readonly var field = ref _fields[column];
        value = "";
        if (field.Kind is FieldKind.Missing or FieldKind.Null)
        {
            return Fail(column, $"{Nothing(field.Kind)}, but a text was expected");
        }

        if (field.Kind == FieldKind.Composite || (field.Kind == FieldKind.Plain && field.IsToken))
        {
            return Fail(column, $"{Shown(Text(in field))} is not a text in quotes");
        }

        var text = _strings!.Find(Text(in field), column);
        if (text == null)
        {
            return Fail(column, "the text is not valid UTF-8");
        }

        value = text;
        return true;
    }

    /// <summary>Reads a text, or null.</summary>
    /// <param name="column">The index of the column.</param>
    /// <param name="value">The text, or null.</param>
    /// <returns>Whether there is one or the column is null.</returns>
    public bool ReadNullableText(int column, out string? value)
    {
        ref readonly var field = ref _fields[column];
        if (field.Kind is FieldKind.Missing or FieldKind.Null || (field.Kind == FieldKind.Plain && field.Length == 0))
        {
            value = null;
            return true;
        }

        return ReadText(column, out value!);
    }

    /// <summary>The text of a field as it stands, without a cache.</summary>
    internal string TextOf(int column) => Encoding.UTF8.GetString(Text(in _fields[column]));

    /// <summary>Begins a row.</summary>
    /// <param name="data">The buffer that the row stands in.</param>
    internal void Begin(byte[] data)
    {
        _data = data;
        _scratchLength = 0;
        Error = "";
        ErrorColumn = "";
        Array.Clear(_fields);
        Array.Clear(_hasExactName);
    }

    /// <summary>Says whether a property may set a column: its exact name wins over a name in another case, wherever they stand.</summary>
    internal bool TakesName(int column, bool isExact)
    {
        _hasExactName[column] |= isExact;
        return isExact || !_hasExactName[column];
    }

    /// <summary>Sets a field to a part of the buffer.</summary>
    internal void Set(int column, int start, int length, FieldKind kind, bool isToken = false) =>
        _fields[column] = new Field(start, length, kind, InScratch: false, isToken);

    /// <summary>Room for an unescaped field.</summary>
    internal Span<byte> Unescape(int maxLength)
    {
        if (_scratch.Length - _scratchLength < maxLength)
        {
            Array.Resize(ref _scratch, Math.Max(_scratch.Length * 2, _scratchLength + maxLength));
        }

        return _scratch.AsSpan(_scratchLength, maxLength);
    }

    /// <summary>Sets a field to what was written to <see cref="Unescape"/>.</summary>
    internal void SetUnescaped(int column, int length)
    {
        _fields[column] = new Field(_scratchLength, length, FieldKind.Quoted, InScratch: true, IsToken: false);
        _scratchLength += length;
    }

    /// <summary>Says that the row as a whole is malformed.</summary>
    internal bool FailRow(string error, string column = "")
    {
        Error = error;
        ErrorColumn = column;
        return false;
    }

    /// <summary>Whether the engine reckons with the event time of a row; if not, that is what is wrong with it.</summary>
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

        return EventTimes.IsInRange(time) || FailRow(EventTimes.OutOfRange(time), TTime.Column);
    }

    /// <summary>A field as text for people, cut where it is long.</summary>
    internal static string Shown(ReadOnlySpan<byte> text) =>
        text.Length <= 80 ? $"'{Encoding.UTF8.GetString(text)}'" : $"'{Encoding.UTF8.GetString(text[..80])}…'";

    private bool TryRead<T>(int column, string? format, out T value)
        where T : struct
    {
        ref readonly var field = ref _fields[column];
        value = default;
        if (IsNothing(in field, isQuotedText: true))
        {
            return Fail(column, $"{Nothing(field.Kind)}, but {TextValues.Expected<T>(format)} was expected");
        }

        var text = Text(in field);
        var isRead = field.Kind != FieldKind.Composite
            && (format == null ? TextValues.TryParse(text, out value) : TextValues.TryParse(text, format, out value));
        return isRead || Fail(column, $"{Shown(text)} is not {TextValues.Expected<T>(format)}");
    }

    private bool TryReadNullable<T>(int column, string? format, out T? value)
        where T : struct
    {
        ref readonly var field = ref _fields[column];
        value = null;
        if (IsNothing(in field, isQuotedText: false))
        {
            return true;
        }

        if (!TryRead(column, format, out T some))
        {
            return false;
        }

        value = some;
        return true;
    }

    private ReadOnlySpan<byte> Text(in Field field) => (field.InScratch ? _scratch : _data).AsSpan(field.Start, field.Length);

    // Nothing in quotes is a text without characters, but no number and no instant.
    private static bool IsNothing(in Field field, bool isQuotedText) =>
        field.Kind is FieldKind.Missing or FieldKind.Null || (field.Length == 0 && (field.Kind == FieldKind.Plain || (field.Kind == FieldKind.Quoted && !isQuotedText)));

    private static string Nothing(FieldKind kind) => kind switch
    {
        FieldKind.Missing => "the property is missing",
        FieldKind.Null => "the value is null",
        FieldKind.Plain or FieldKind.Quoted or FieldKind.Composite => "the field is empty",
        _ => throw new InvalidOperationException($"A kind of fields is not known: {kind}."),
    };

    private bool Fail(int column, string error)
    {
        Error = error;
        ErrorColumn = _columns[column].Name;
        return false;
    }

    private readonly record struct Field(int Start, int Length, FieldKind Kind, bool InScratch, bool IsToken);
}
