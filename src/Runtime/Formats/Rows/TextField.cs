using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Penstock.Formats;

/// <summary>How a value stands in the text.</summary>
internal enum FieldKind : byte
{
    Missing,
    Null,
    Plain,
    Quoted,

    /// <summary>The beginning of an object or a list where one value is expected.</summary>
    Composite,

    /// <summary>Any JSON, as it stands.</summary>
    Tree,
}

/// <summary>
/// One value as it stands in the text: the field of a row, or what lies inside of one. The rules of what is a value of which type, and what
/// is said of one that is none.
/// </summary>
/// <param name="text">Its text, without quotes and escapes.</param>
/// <param name="kind">How it stands there.</param>
/// <param name="isToken">Whether it is a number or a literal of JSON.</param>
internal readonly ref struct TextField(ReadOnlySpan<byte> text, FieldKind kind, bool isToken)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The text as it stands.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Whether a value of a type that is no text is null here.</summary>
    public bool IsNull => IsNothing(isQuotedText: false);

    /// <summary>Whether a text is null here.</summary>
    public bool IsNullText => kind is FieldKind.Missing or FieldKind.Null || (kind == FieldKind.Plain && _text.IsEmpty);

    /// <summary>The text as it stands.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_text);

    /// <summary>Reads a value; a date or time in a format where one is given.</summary>
    public bool TryRead<T>(string? format, out T value)
        where T : struct
    {
        value = default;
        return !IsNothing(isQuotedText: true)
            && kind != FieldKind.Composite
            && (format == null ? TextValues.TryParse(_text, out value) : TextValues.TryParse(_text, format, out value));
    }

    /// <summary>Reads an instant that is a number of a unit since 1970.</summary>
    public bool TryRead<T>(TimeUnit unit, out T value)
        where T : struct
    {
        value = default;
        return !IsNothing(isQuotedText: true) && kind != FieldKind.Composite && EpochText.TryParse(_text, unit, out value);
    }

    /// <summary>Reads a text, whose column has an index in the cache.</summary>
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

    /// <summary>What is wrong with a value that could not be read.</summary>
    public string Error<T>(string? format)
        where T : struct => Error(TextValues.Expected<T>(format), IsNothing(isQuotedText: true));

    /// <summary>What is wrong with an instant that could not be read.</summary>
    public string Error(TimeUnit unit) => Error(EpochText.Expected(unit), IsNothing(isQuotedText: true));

    /// <summary>What is wrong with a text that could not be read.</summary>
    public string TextError() => kind is FieldKind.Missing or FieldKind.Null ? $"{Nothing(kind)}, but a text was expected"
        : IsText ? "the text is not valid UTF-8"
        : $"{TextRow.Shown(_text)} is not a text in quotes";

    /// <summary>What is wrong with bytes that could not be read.</summary>
    public string BytesError() => Error("bytes in Base64, such as \"SGVsbG8=\"", kind is FieldKind.Missing or FieldKind.Null);

    /// <summary>What is wrong where something else was expected.</summary>
    public string Error(string expected) => Error(expected, IsNothing(isQuotedText: true));

    // A number in JSON is no text.
    private bool IsText => kind == FieldKind.Quoted || (kind == FieldKind.Plain && !isToken);

    private string Error(string expected, bool isNothing) =>
        isNothing ? $"{Nothing(kind)}, but {expected} was expected" : $"{TextRow.Shown(_text)} is not {expected}";

    // Nothing in quotes is a text without characters, but no number and no instant.
    private bool IsNothing(bool isQuotedText) =>
        kind is FieldKind.Missing or FieldKind.Null
            || (_text.IsEmpty && (kind == FieldKind.Plain || (kind == FieldKind.Quoted && !isQuotedText)));

    private static string Nothing(FieldKind kind) => kind switch
    {
        FieldKind.Missing => "the property is missing",
        FieldKind.Null => "the value is null",
        FieldKind.Plain or FieldKind.Quoted or FieldKind.Composite => "the field is empty",
        _ => throw new InvalidOperationException($"A kind of fields is not known: {kind}."),
    };
}
