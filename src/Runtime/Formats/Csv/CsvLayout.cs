using System.Globalization;
using System.Text;

namespace Penstock.Formats;

/// <summary>The mapping of the fields of a CSV file to the columns of a row type. Finds the fields of any row of that file.</summary>
internal sealed class CsvLayout
{
    private const int MaxShown = 400;

    private readonly int[] _columnOfField;
    private readonly byte _delimiter;
    private readonly int _minFields;
    private string _declaredBy = "header";

    private CsvLayout(int[] columnOfField, byte delimiter, bool isPredicted, int minFields = int.MaxValue)
    {
        _minFields = Math.Min(minFields, columnOfField.Length);
        _columnOfField = columnOfField;
        _delimiter = delimiter;
        MatchesExpectedColumns = isPredicted;
    }

    /// <summary>The layout of an empty file, without header and rows.</summary>
    public static CsvLayout None { get; } = new([], (byte)',', isPredicted: false);

    /// <summary>Indicates whether the file has exactly the columns of the row type, in their order.</summary>
    public bool MatchesExpectedColumns { get; }

    /// <summary>Indicates whether the file lacks a column that is read; its values are then those declared by the program.</summary>
    public bool LacksColumns { get; private init; }

    /// <summary>The number of fields in a row. Without a header, trailing optional columns may be missing.</summary>
    public int FieldCount => _columnOfField.Length;

    /// <summary>Indicates whether an empty line is a row, because the only column may be null, and null is the empty field.</summary>
    public bool HasEmptyRows { get; private init; }

    /// <summary>Indicates whether an empty line is skipped although it looks like a row, because the only column cannot be null.</summary>
    public bool SkipsEmptyLines => FieldCount == 1 && !HasEmptyRows;

    /// <summary>The error for a row with a carriage return that does not end a line.</summary>
    public const string LoneReturn =
        "a carriage return (CR) without a line feed (LF) stands outside quotes: lines must end with LF or CRLF. Convert the line ends";

    /// <summary>Creates the normalizer for rows of this file.</summary>
    public CsvNormalizer CreateNormalizer(TextColumn[] columns) =>
        new([.. _columnOfField.Select(column => column >= 0 && columns[column].IsRead ? column : -1)], columns.Length, _delimiter);

    /// <summary>Returns the layout of a record without a header: the columns in the order of their declaration.</summary>
    public static CsvLayout Of(TextColumn[] columns, byte delimiter) => new(
        [.. Enumerable.Range(0, columns.Length)],
        delimiter,
        isPredicted: true,
        minFields: Array.FindLastIndex(columns, static column => !column.IsOptional) + 1)
    { _declaredBy = "row type" };

    /// <summary>Matches a header with the columns of a row type.</summary>
    /// <param name="file">The name of the file, for messages.</param>
    /// <param name="header">The header line without its line break.</param>
    /// <param name="delimiter">The field delimiter.</param>
    /// <param name="columns">The columns of the row type.</param>
    /// <exception cref="PipelineException">A column that is read is missing or duplicated, or the header is malformed.</exception>
    public static CsvLayout Create(string file, byte[] header, byte delimiter, TextColumn[] columns)
    {
        var names = Split(file, header, delimiter);
        var columnOfField = new int[names.Length];
        Array.Fill(columnOfField, -1);
        var lacksColumns = false;
        for (var i = 0; i < columns.Length; i++)
        {
            var field = FieldOf(file, names, columns, i);
            if (field >= 0)
            {
                columnOfField[field] = i;
            }
            else if (columns[i] is { IsRead: true, IsOptional: true })
            {
                lacksColumns = true;
            }
            else if (columns[i].IsRead)
            {
                throw new PipelineException(
                    ErrorCodes.ColumnMissing,
                    $"{file}: there is no column '{columns[i].Name}'. The header has: {Listed(names)}. "
                    + "Name the column with [Column(\"…\")] as the file does, or check that the first line is a header and that the "
                    + "delimiter is right.");
            }
        }

        var isPredicted = names.Length == columns.Length;
        for (var i = 0; i < names.Length; i++)
        {
            isPredicted &= columnOfField[i] == i;
        }

        return new CsvLayout(columnOfField, delimiter, isPredicted)
        {
            LacksColumns = lacksColumns,
            HasEmptyRows = columnOfField is [>= 0 and var only] && columns[only].IsNullable,
        };
    }

    /// <summary>Finds the fields of a row.</summary>
    /// <param name="data">The buffer.</param>
    /// <param name="start">The start of the row.</param>
    /// <param name="end">The end of the row, before its line break.</param>
    /// <param name="row">Receives the fields.</param>
    /// <returns><c>false</c> if the row is malformed; the row then contains the error.</returns>
    public bool TryParse(byte[] data, int start, int end, TextRow row)
    {
        row.Begin(data);
        var at = start;
        for (var field = 0; ; field++)
        {
            var column = field < _columnOfField.Length ? _columnOfField[field] : -1;
            column = column >= 0 && row.Columns[column].IsRead ? column : -1;
            if (at < end && data[at] == (byte)'"')
            {
                if (!TryQuoted(data, ref at, end, column, field, row))
                {
                    return false;
                }
            }
            else if (!TryPlain(data, ref at, end, column, field, row))
            {
                return false;
            }

            if (at == end)
            {
                return (field + 1 >= _minFields && field + 1 <= FieldCount)
                    || row.FailRow($"the row has {field + 1} {(field == 0 ? "field" : "fields")}, but the {_declaredBy} has {FieldCount}");
            }

            at++;
        }
    }

    private bool TryPlain(byte[] data, ref int at, int end, int column, int field, TextRow row)
    {
        var length = data.AsSpan(at, end - at).IndexOfAny(_delimiter, (byte)'"', (byte)'\r');
        length = length < 0 ? end - at : length;
        if (at + length < end && data[at + length] == (byte)'\r')
        {
            return row.FailRow(LoneReturn, NameOf(field, row));
        }

        if (at + length < end && data[at + length] == (byte)'"')
        {
            return row.FailRow(
                $"field {field + 1} has a quote inside, but only a field that begins with a quote may have one",
                NameOf(field, row));
        }

        if (column >= 0)
        {
            row.Set(column, at, length, FieldKind.Plain);
        }

        at += length;
        return true;
    }

    private bool TryQuoted(byte[] data, ref int at, int end, int column, int field, TextRow row)
    {
        var start = ++at;
        var doubled = 0;
        while (true)
        {
            var length = data.AsSpan(at, end - at).IndexOf((byte)'"');
            if (length < 0)
            {
                return row.FailRow(
                    $"the quote that opens field {field + 1} is never closed{DescribeLines(data.AsSpan(start, end - start))}",
                    NameOf(field, row));
            }

            at += length + 1;
            if (at == end || data[at] != (byte)'"')
            {
                break;
            }

            doubled++;
            at++;
        }

        var content = data.AsSpan(start, at - 1 - start);
        if (at < end && data[at] != _delimiter)
        {
            return row.FailRow(
                data[at] == (byte)'\r'
                    ? LoneReturn
                    : $"field {field + 1} goes on after its closing quote{DescribeLines(content)}",
                NameOf(field, row));
        }

        if (column >= 0 && doubled == 0)
        {
            row.Set(column, start, content.Length, FieldKind.Quoted);
        }
        else if (column >= 0)
        {
            row.SetUnescaped(column, UnescapeQuotes(content, row.Unescape(content.Length)));
        }

        return true;
    }

    // A stray quote makes one bad row of all lines up to the next quote.
    private static string DescribeLines(ReadOnlySpan<byte> quoted) => quoted.Count((byte)'\n') switch
    {
        0 => "",
        1 => ", so the row contains the next line, too",
        var lines => string.Create(CultureInfo.InvariantCulture, $", so the row contains the next {lines} lines, too"),
    };

    private string NameOf(int field, TextRow row) =>
        field < _columnOfField.Length && _columnOfField[field] >= 0 ? row.Columns[_columnOfField[field]].Name : "";

    private static int UnescapeQuotes(ReadOnlySpan<byte> content, Span<byte> target)
    {
        var length = 0;
        for (var i = 0; i < content.Length; i++)
        {
            target[length++] = content[i];
            i += content[i] == (byte)'"' ? 1 : 0;
        }

        return length;
    }

    // A header is a row of strings, one more than there are delimiters outside quotes.
    private static string[] Split(string file, byte[] header, byte delimiter)
    {
        var map = new List<int> { 0 };
        var isQuoted = false;
        foreach (var c in header)
        {
            isQuoted ^= c == (byte)'"';
            if (c == delimiter && !isQuoted)
            {
                map.Add(map.Count);
            }
        }

        var row = new TextRow([.. map.Select(_ => new TextColumn(""))], strings: null);
        return new CsvLayout([.. map], delimiter, isPredicted: false).TryParse(header, 0, header.Length, row)
            ? [.. map.Select(row.TextOf)]
            : throw new PipelineException(
                ErrorCodes.HeaderUnusable,
                $"{file}: the header cannot be read: {row.Error}. It begins: {Cut(Encoding.UTF8.GetString(header))}");
    }

    private static string Listed(string[] names) => Cut(string.Join(", ", names));

    private static string Cut(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";

    // A field with the exact name of another column is not used for this one.
    private static int FieldOf(string file, string[] names, TextColumn[] columns, int index)
    {
        var column = columns[index];
        foreach (var comparison in (ReadOnlySpan<StringComparison>)[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            var first = Array.FindIndex(names, Fits);
            if (first >= 0)
            {
                var second = Array.FindIndex(names, first + 1, Fits);
                return second < 0 || !column.IsRead ? first : throw new PipelineException(
                    ErrorCodes.HeaderUnusable,
                    $"{file}: the column '{column.Name}' is there twice (fields "
                        + $"{first + 1} and {second + 1}). The header has: {Listed(names)}. Rename one of them in the file.");
            }

            bool Fits(string name) =>
                string.Equals(name, column.Name, comparison)
                    && (comparison == StringComparison.Ordinal || !Array.Exists(columns, other => other.Name == name));
        }

        return -1;
    }
}
