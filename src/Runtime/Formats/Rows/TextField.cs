using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Penstock.Formats;

/// <summary>The representation of a value in the text.</summary>
internal enum FieldKind : byte
{
    Missing,
    Null,
    Plain,
    Quoted,

    /// <summary>The beginning of an object or a list in place of a single value.</summary>
    Composite,

    /// <summary>Any JSON value as it is.</summary>
    Tree,
}

/// <summary>
/// One value in its text form: the field of a row, or a value inside of one. Contains the rules for which text is a value of which type,
/// and the error messages.
/// </summary>
/// <param name="text">The text, without quotes and escapes.</param>
/// <param name="kind">The representation.</param>
/// <param name="isToken"><c>true</c> if the text is a JSON number or literal.</param>
internal readonly ref struct TextField(ReadOnlySpan<byte> text, FieldKind kind, bool isToken)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The text, unparsed.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Indicates whether a value of a type other than string is null.</summary>
    public bool IsNull => IsNothing(isQuotedText: false);

    /// <summary>Indicates whether a string is null.</summary>
    public bool IsNullText => kind is FieldKind.Missing or FieldKind.Null || (kind == FieldKind.Plain && _text.IsEmpty);

    /// <summary>Returns the text, unparsed.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_text);

    /// <summary>Reads a value; a date or time in a format if one is given.</summary>
    public bool TryRead<T>(string? format, out T value)
        where T : struct
    {
        value = default;
        return !IsNothing(isQuotedText: true)
            && kind != FieldKind.Composite
            && (format == null ? TextValues.TryParse(_text, out value) : TextValues.TryParse(_text, format, out value));
    }

    /// <summary>Reads an instant from a number of units since the Unix epoch.</summary>
    public bool TryRead<T>(TimeUnit unit, out T value)
        where T : struct
    {
        value = default;
        return !IsNothing(isQuotedText: true) && kind != FieldKind.Composite && EpochText.TryParse(_text, unit, out value);
    }

    /// <summary>Reads a string of a column with an index in the cache.</summary>
    public bool TryReadText(StringCache strings, int column, out string value)
    {
        var found = IsText ? strings.Find(_text, column) : null;
        value = found ?? "";
        return found != null;
    }

    /// <summary>Reads bytes in Base64.</summary>
    public bool TryReadBytes(out byte[] value)
    {
        value = [];
        if (!IsText || _text.IsEmpty)
        {
            return IsText;
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(_text.Length)];
        if (_text.Length % 4 != 0
            || _text.IndexOfAny(" \t\r\n"u8) >= 0
            || Base64.DecodeFromUtf8(_text, bytes, out _, out var count) != OperationStatus.Done)
        {
            return false;
        }

        value = count == bytes.Length ? bytes : bytes[..count];
        return true;
    }

    /// <summary>Returns the error for a value that could not be read.</summary>
    public string Error<T>(string? format)
        where T : struct => Error(TextValues.Expected<T>(format), IsNothing(isQuotedText: true));

    /// <summary>Returns the error for an instant that could not be read.</summary>
    public string Error(TimeUnit unit) => Error(EpochText.Expected(unit), IsNothing(isQuotedText: true));

    /// <summary>Returns the error for a string that could not be read.</summary>
    public string TextError() => kind is FieldKind.Missing or FieldKind.Null ? $"{Nothing(kind)}, but a text was expected"
        : IsText ? "the text is not valid UTF-8"
        : $"{TextRow.Shown(_text)} is not a text in quotes";

    /// <summary>Returns the error for bytes that could not be read.</summary>
    public string BytesError() => Error("bytes in Base64, such as \"SGVsbG8=\"", kind is FieldKind.Missing or FieldKind.Null);

    /// <summary>Returns the error for unexpected content.</summary>
    public string Error(string expected) => Error(expected, IsNothing(isQuotedText: true));

    // A JSON number is not a string.
    private bool IsText => kind == FieldKind.Quoted || (kind == FieldKind.Plain && !isToken);

    private string Error(string expected, bool isNothing) =>
        isNothing ? $"{Nothing(kind)}, but {expected} was expected" : $"{TextRow.Shown(_text)} is not {expected}";

    // Empty quotes are an empty string, but not a number or an instant.
    private bool IsNothing(bool isQuotedText) =>
        kind is FieldKind.Missing or FieldKind.Null
            || (_text.IsEmpty && (kind == FieldKind.Plain || (kind == FieldKind.Quoted && !isQuotedText)));

    private static string Nothing(FieldKind kind) => kind switch
    {
        FieldKind.Missing => "the property is missing",
        FieldKind.Null => "the value is null",
        FieldKind.Plain or FieldKind.Quoted or FieldKind.Composite => "the field is empty",
        _ => throw new InvalidOperationException($"Unknown kind of field: {kind}."),
    };
}
