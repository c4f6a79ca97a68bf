using System.Text;

namespace Penstock.Generator.Plan;

/// <summary>A field of a date and time format, or a constant between fields.</summary>
/// <param name="Letter">The letter of the field; a space for a constant.</param>
/// <param name="Count">The number of times that the letter is repeated.</param>
/// <param name="Form">What is known about the length of its text.</param>
/// <param name="Text">For a constant, its text. For a fraction that is omitted when it is zero, the point before it, which is omitted
/// too.</param>
internal sealed record TimeField(char Letter, int Count, TextForm Form, string Text) : TextPiece(Form, Text)
{
    private const char None = ' ';

    // The custom formats for standard formats in the invariant culture. Standard formats that are not listed do not write a whole date.
    private static readonly Dictionary<char, string> Standard = new()
    {
        ['d'] = "MM/dd/yyyy",
        ['D'] = "dddd, dd MMMM yyyy",
        ['f'] = "dddd, dd MMMM yyyy HH:mm",
        ['F'] = "dddd, dd MMMM yyyy HH:mm:ss",
        ['g'] = "MM/dd/yyyy HH:mm",
        ['G'] = "MM/dd/yyyy HH:mm:ss",
        ['r'] = "ddd, dd MMM yyyy HH:mm:ss",
        ['R'] = "ddd, dd MMM yyyy HH:mm:ss",
        ['s'] = "yyyy-MM-ddTHH:mm:ss",
        ['u'] = "yyyy-MM-dd HH:mm:ss",
        ['U'] = "dddd, dd MMMM yyyy HH:mm:ss",
    };

    /// <summary>Whether its number of digits depends on the value.</summary>
    public bool IsVariable => Form == TextForm.Digits || Letter == 'F';

    /// <summary>Whether its text may begin with a digit.</summary>
    public bool BeginsWithDigit => Letter switch
    {
        None => Text[0] is >= '0' and <= '9',
        'F' => Text.Length == 0,
        'd' or 'M' => Count < 3,
        _ => "yhHmsf".IndexOf(Letter) >= 0,
    };

    /// <summary>The fields of a format and the constants between them.</summary>
    public static List<TimeField> In(string format, ColumnKind kind)
    {
        var text = format.Length > 1 ? format : Standard.TryGetValue(format[0], out var custom) ? custom : "";
        var letters = kind == ColumnKind.TimeSpan ? "dhmsfF" : "dMyhHmstfFzKg";
        var fields = new List<TimeField>();
        var constant = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '\\')
            {
                constant.Append(text, ++i, Math.Min(1, text.Length - i));
            }
            else if (quote != '\0' ? letter == quote : letter is '\'' or '"')
            {
                quote = quote == '\0' ? letter : '\0';
            }
            else if (quote != '\0' || letter != '%' && letters.IndexOf(letter) < 0)
            {
                constant.Append(letter);
            }
            else if (letter != '%')
            {
                // After a percent sign, a single letter is a custom format.
                var from = i;
                while (i + 1 < text.Length && text[i + 1] == letter && (from == 0 || text[from - 1] != '%'))
                {
                    i++;
                }

                Add(fields, constant, letter, i - from + 1, kind);
            }
        }

        AddConstant(fields, constant.ToString());
        return fields;
    }

    private static void Add(List<TimeField> fields, StringBuilder constant, char letter, int count, ColumnKind kind)
    {
        var before = constant.ToString();
        constant.Clear();
        var point = letter == 'F' && kind != ColumnKind.TimeSpan && before.EndsWith(".", StringComparison.Ordinal) ? "." : "";
        AddConstant(fields, before.Substring(0, before.Length - point.Length));
        fields.Add(new TimeField(letter, count, FormOf(letter, count, kind), point));
    }

    private static void AddConstant(List<TimeField> fields, string text)
    {
        if (text.Length > 0)
        {
            fields.Add(new TimeField(None, 0, TextForm.Constant, text));
        }
    }

    // The number of days in a duration is unbounded, and a three-digit year has four digits after 999. No name of a month or day is the
    // beginning or end of another.
    private static TextForm FormOf(char letter, int count, ColumnKind kind) => letter switch
    {
        'F' => TextForm.Free,
        'd' when kind == ColumnKind.TimeSpan => TextForm.Digits,
        'y' when count == 3 => TextForm.Digits,
        'd' or 'M' or 'y' or 'h' or 'H' or 'm' or 's' or 'z' when count == 1 => TextForm.Digits,
        _ => TextForm.Fixed,
    };
}
