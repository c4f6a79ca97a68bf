using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Local names, literals and expressions that the codec emitters share.</summary>
internal static class CodecNames
{
    public const string Formats = "global::Penstock.Formats.";

    /// <summary>
    /// A local variable name for each column: the member in camel case, different from keywords, other columns and the emitted parameters.
    /// </summary>
    /// <param name="others">Further names of emitted variables.</param>
    public static string[] Locals(RowModel row, params string[] others)
    {
        var taken = new HashSet<string>(others, StringComparer.Ordinal) { "cursor", "fields", "row", "output", "csv", "json", "message" };
        var names = new string[row.Columns.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var member = row.Columns[i].Member.TrimStart('@', '_');
            var name = member.Length == 0 ? "value" : char.ToLowerInvariant(member[0]) + member.Substring(1);
            var unique = name;
            for (var n = 2; !taken.Add(unique); n++)
            {
                unique = name + n;
            }

            names[i] = SyntaxFacts.GetKeywordKind(unique) == SyntaxKind.None
                && SyntaxFacts.GetContextualKeywordKind(unique) == SyntaxKind.None ? unique : "@" + unique;
        }

        return names;
    }

    /// <summary>The member as an expression, escaped if it is a keyword.</summary>
    public static string Member(ColumnModel column) =>
        column.Member.StartsWith("@", StringComparison.Ordinal) || SyntaxFacts.GetKeywordKind(column.Member) == SyntaxKind.None
            ? column.Member
            : "@" + column.Member;

    /// <summary>Emits the check that a row is not null and not of a derived type, whose own members would be lost.</summary>
    public static void EmitRequirement(CodeWriter writer, RowModel row)
    {
        if (!row.IsValue)
        {
            writer.Line($"{Formats}RowGuard.Require{(row.IsAbstract ? "" : "Exact")}(row);");
        }
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>The expression that creates a row from the locals. Columns that are not read get their default.</summary>
    public static string Construct(RowModel row, string[] locals) =>
        Construct(row, locals, static column => column.IsRead && column.Metadata == null);

    /// <summary>The same, using only some of the locals.</summary>
    public static string Construct(RowModel row, string[] locals, Func<ColumnModel, bool> isKnown)
    {
        var values = row.Columns.Select((column, i) => (
            Column: column,
            Text: isKnown(column) ? locals[i] : ReadVariables.DefaultOf(column))).ToList();
        if (row.Construction == RowConstruction.Initializer)
        {
            return $"new {row.Type}{Initializer(values)}";
        }

        var arguments = values.Where(static value => value.Column.Setter == null || value.Column.IsArgument)
            .Select(static value => value.Text)
            .ToList();
        foreach (var argument in row.Fixed)
        {
            arguments.Insert(argument.Index, ConstantCode.Of(argument.Value));
        }

        return $"new {row.Type}({string.Join(", ", arguments)})"
            + Initializer(values.Where(value => value.Column.Setter is { } setter && (setter.IsRequired || isKnown(value.Column))));
    }

    private static string Initializer(IEnumerable<(ColumnModel Column, string Text)> values)
    {
        var text = string.Join(", ", values.Select(static value => $"{Member(value.Column)} = {value.Text}"));
        return text.Length == 0 ? "" : $" {{ {text} }}";
    }

    /// <summary>Emits the columns of the row type, which both readers expose.</summary>
    public static void EmitColumns(CodeWriter writer, RowModel row)
    {
        writer.Line($"public static {Formats}TextColumn[] Columns {{ get; }} =");
        writer.Line("[");
        using (writer.Indent())
        {
            EmitColumnItems(writer, row);
        }

        writer.Line("];");
        writer.Line();
    }

    /// <summary>Emits the columns of a type, one per line.</summary>
    public static void EmitColumnItems(CodeWriter writer, RowModel row)
    {
        foreach (var (column, _) in row.InText)
        {
            var flags = (column.IsRead ? "" : ", isRead: false")
                + (column.Nullable ? ", isNullable: true" : "")
                + (column.IsOptional ? ", isOptional: true" : "")
                + (column.Tree != null ? ", isTree: true" : "");
            writer.Line($"new({Literal(column.Name)}{flags}),");
        }
    }

    /// <summary>The call that reads a column from a cursor or from the fields of a row.</summary>
    /// <param name="isDeclared">Whether the local is already declared.</param>
    /// <param name="indexed">The parameter for the index.</param>
    public static string ReadCall(
        ColumnModel column, string local, int index, bool withIndex, bool isDeclared = false, string indexed = "column")
    {
        var position = $"{indexed}: {index}";
        var target = isDeclared ? local : $"{column.Type} {local}";
        var nullable = column.Nullable ? "Nullable" : "";
        if (column.Kind == ColumnKind.String)
        {
            return $"Read{nullable}Text({position}, out {target})";
        }

        if (column.Kind == ColumnKind.Bytes)
        {
            return $"Read{nullable}Bytes({(withIndex ? position + ", " : "")}out {target})";
        }

        var arguments = new List<string>();
        if (withIndex)
        {
            arguments.Add(position);
        }

        var iso = "";
        if (column.Unit != null)
        {
            arguments.Add(CSharp.TimeUnit + column.Unit);
        }
        else if (ReadFormat(column) is { } format)
        {
            arguments.Add(Literal(format));
            iso = !withIndex && IsIso(format, column.Kind) ? "Iso" : "";
        }

        arguments.Add($"out {target}");
        return $"Read{nullable}{iso}({string.Join(", ", arguments)})";
    }

    /// <summary>The call that writes a value. CSV and JSON writers have the same methods.</summary>
    public static string WriteCall(ColumnModel column, string expression)
    {
        var nullable = column.Nullable ? "Nullable" : "";
        var kind = column.Kind switch { ColumnKind.String => "Text", ColumnKind.Bytes => "Bytes", _ => "" };
        var iso = column.Unit == null && IsTime(column) && IsIso(column.Format ?? "", column.Kind) ? "Iso" : "";
        return $"Write{nullable}{kind}{iso}({expression}{WriteFormat(column)})";
    }

    /// <summary>The format argument for a column, after a comma; empty for the default.</summary>
    public static string WriteFormat(ColumnModel column) =>
        column.Unit != null ? $", {CSharp.TimeUnit}{column.Unit}"
        : column.Format is { Length: > 0 } text && IsTime(column) ? ", " + Literal(text)
        : "";

    /// <summary>Whether the column contains a date, a time or a duration, whose format can be chosen.</summary>
    public static bool IsTime(ColumnModel column) =>
        column.Kind is ColumnKind.DateTime
            or ColumnKind.DateTimeOffset
            or ColumnKind.DateOnly
            or ColumnKind.TimeOnly
            or ColumnKind.TimeSpan;

    /// <summary>The name as JSON text, without quotes.</summary>
    public static string JsonEscaped(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (c < ' ')
            {
                text.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    // A duration with the format c is read like one without a format.
    private static string? ReadFormat(ColumnModel column) =>
        IsTime(column) && column.Format is { Length: > 0 } format && (column.Kind != ColumnKind.TimeSpan || format != "c") ? format : null;

    // These formats are ISO 8601 without an offset, for which there are readers and writers much faster than TryParseExact and TryFormat.
    private static bool IsIso(string format, ColumnKind kind)
    {
        const string date = "yyyy-MM-dd";
        const string time = "HH:mm:ss.fffffff";
        return kind switch
        {
            ColumnKind.DateOnly => format == date,
            ColumnKind.TimeOnly => IsTimePart(format),
            ColumnKind.DateTime or ColumnKind.DateTimeOffset => format == date
                || (format.StartsWith(date, StringComparison.Ordinal)
                    && format.Length > date.Length
                    && format[date.Length] is ' ' or 'T'
                    && IsTimePart(format.Substring(date.Length + 1))),
            _ => false,
        };

        static bool IsTimePart(string part) => part.Length is 5 or 8 or >= 10 and <= 16 && time.StartsWith(part, StringComparison.Ordinal);
    }
}
