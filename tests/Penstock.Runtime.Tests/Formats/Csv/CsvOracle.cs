using System.Text;
using CsCheck;

namespace Penstock.Runtime.Tests.Formats.Csv;

/// <summary>CSV as in RFC 4180, character by character. It shares no code with the code that it checks.</summary>
internal static class CsvOracle
{
    /// <summary>Strings with everything that is special in CSV, and with lengths around the limits of the reader.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(
        Gen.OneOf("a", "b", ",", "\"", "\n", "\r\n", "\r", " ", "é", "😀", "xyz", "\0").Array[0, 6].Select(string.Concat),
        Gen.Char['a', 'c'].Array[0, 40].Select(characters => new string(characters)),
        Gen.OneOf("LAX", "ATL", "", "a text of exactly sixteen", "012345678901234", "0123456789012345", "01234567890123456"),
        Gen.Int[0, 300].Select(length => new string('x', length)));

    public static Gen<string?> TextOrNull { get; } = Gen.Select(Text, Gen.Int[0, 3], (text, isNull) => isNull == 0 ? null : text);

    public sealed record Style(bool QuoteAll, bool Crlf, bool Mark, bool FinalLineEnd, int EmptyLines);

    public static Gen<Style> Styles { get; } = Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 3])
        .Select((quoteAll, crlf, mark, final, empty) => new Style(quoteAll, crlf, mark, final, final ? empty : 0));

    public static string Write(IEnumerable<string?[]> rows, Style style)
    {
        var lineEnd = style.Crlf ? "\r\n" : "\n";
        var lines = rows.Select(row => string.Join(",", row.Select(field => Field(field, style.QuoteAll))));
        return (style.Mark ? "\uFEFF" : "") + string.Join(lineEnd, lines)
            + (style.FinalLineEnd ? lineEnd : "") + string.Concat(Enumerable.Repeat(lineEnd, style.EmptyLines));
    }

    public static List<string?[]> Parse(string text)
    {
        var rows = new List<string?[]>();
        var row = new List<string?>();
        var field = new StringBuilder();
        var isQuoted = false;
        var wasQuoted = false;
        text = text.TrimStart('\uFEFF');
        text = text.EndsWith('\n') ? text : text + "\n";
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (c == '"')
            {
                isQuoted = wasQuoted = true;
            }
            else if (c is ',' or '\n')
            {
                var value = !wasQuoted && c == '\n' ? field.ToString().TrimEnd('\r') : field.ToString();
                row.Add(value.Length == 0 && !wasQuoted ? null : value);
                field.Clear();
                wasQuoted = false;
                if (c == '\n')
                {
                    if (row.Count > 1 || row[0] != null)
                    {
                        rows.Add([.. row]);
                    }

                    row.Clear();
                }
            }
            else if (c != '\r' || !wasQuoted)
            {
                field.Append(c);
            }
        }

        return rows;
    }

    private static string Field(string? field, bool quote)
    {
        if (field == null)
        {
            return "";
        }

        return quote || field.Length == 0 || field.IndexOfAny([',', '"', '\r', '\n']) >= 0
            ? "\"" + field.Replace("\"", "\"\"") + "\""
            : field;
    }
}
