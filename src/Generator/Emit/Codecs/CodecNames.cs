using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Local names, literals and constructions that the codec emitters share.</summary>
internal static class CodecNames
{
    public const string Formats = "global::Penstock.Formats.";

    /// <summary>
    /// One local variable name per column: the member in camel case, kept clear of keywords, of each other and of the emitted parameters.
    /// </summary>
    /// <param name="others">More names of emitted variables.</param>
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

    /// <summary>The member as an expression: escaped where it is a keyword.</summary>
    public static string Member(ColumnModel column) =>
        column.Member.StartsWith("@", StringComparison.Ordinal) || SyntaxFacts.GetKeywordKind(column.Member) == SyntaxKind.None
            ? column.Member
            : "@" + column.Member;

    /// <summary>Emits that a row is refused which is null, or of a derived type: what that has of its own would be lost.</summary>
    public static void EmitRequirement(CodeWriter writer, RowModel row)
    {
        if (!row.IsValue)
        {
            writer.Line($"{Formats}WrittenRows.Require{(row.IsAbstract ? "" : "Exact")}(row);");
        }
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>What a member of a row is where nothing is read for it.</summary>
    public static string DefaultOf(ColumnModel column) =>
        ConstantCode.Of(column.Default ?? new DefaultConstant(null, column.IsReference));

    /// <summary>The expression that makes a row from the locals; columns that are not read get their default.</summary>
    public static string Construct(RowModel row, string[] locals) =>
        Construct(row, locals, static column => column.IsRead && column.Metadata == null);

    /// <summary>The same, from the locals of some columns.</summary>
    public static string Construct(RowModel row, string[] locals, Func<ColumnModel, bool> isKnown)
    {
        var values = row.Columns.Select((column, i) => (
            Column: column,
            Text: isKnown(column) ? locals[i] : DefaultOf(column))).ToList();
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

    /// <summary>Emits the columns of the row type, which both readers publish.</summary>
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

    /// <summary>Emits the columns of a type, one a line.</summary>
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

    /// <summary>Emits the way of unusual rows, which is the same in every format.</summary>
    /// <param name="trees">How columns are read that are trees; null where there are none.</param>
    public static void EmitFieldReader(CodeWriter writer, RowModel row, string[] locals, TreeReaderEmitter? trees)
    {
        var reading = new OptionalColumns(row, locals, "fields", trees);
        var position = 0;
        foreach (var (column, index) in row.InText)
        {
            if (column.IsRead)
            {
                reading.Add(column, index, position);
            }

            position++;
        }

        using (writer.Braces($"public static bool TryRead({Formats}TextRow fields, out {row.Type} row)"))
        {
            reading.EmitLocals(writer);
            var made = Construct(row, locals, column => column is { IsRead: true, Metadata: null } && !OptionalColumns.IsSetLater(column));
            EmitConditions(writer, reading.Conditions, [$"row = {made};", .. reading.Setters]);
        }

        reading.EmitAccessors(writer);
    }

    /// <summary>Emits <c>if (all conditions) { row = …; return true; }</c> and the other outcome.</summary>
    public static void EmitConditions(CodeWriter writer, List<string> conditions, RowModel row, string[] locals) =>
        EmitConditions(writer, conditions, [$"row = {Construct(row, locals)};"]);

    /// <summary>The same, with another way to make the row.</summary>
    public static void EmitConditions(CodeWriter writer, IReadOnlyList<string> conditions, IEnumerable<string> made)
    {
        if (conditions.Count == 0)
        {
            foreach (var line in made)
            {
                writer.Line(line);
            }

            writer.Line("return true;");
            return;
        }

        writer.Line($"if ({conditions[0]}{(conditions.Count == 1 ? ")" : "")}");
        using (writer.Indent())
        {
            for (var i = 1; i < conditions.Count; i++)
            {
                writer.Line($"&& {conditions[i]}{(i == conditions.Count - 1 ? ")" : "")}");
            }
        }

        writer.Line("{");
        using (writer.Indent())
        {
            foreach (var line in made)
            {
                writer.Line(line);
            }

            writer.Line("return true;");
        }

        writer.Line("}");

        writer.Line();
        writer.Line("row = default!;");
        writer.Line("return false;");
    }

    /// <summary>The call that reads one column, on a cursor or on a row's fields.</summary>
    /// <param name="isDeclared">Whether the local is declared before.</param>
    public static string ReadCall(ColumnModel column, string local, int index, bool withIndex, bool isDeclared = false)
    {
        var target = isDeclared ? local : $"{column.Type} {local}";
        var nullable = column.Nullable ? "Nullable" : "";
        if (column.Kind == ColumnKind.String)
        {
            return $"Read{nullable}Text({index}, out {target})";
        }

        if (column.Kind == ColumnKind.Bytes)
        {
            return $"Read{nullable}Bytes({(withIndex ? $"{index}, " : "")}out {target})";
        }

        var arguments = new List<string>();
        if (withIndex)
        {
            arguments.Add(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
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

    /// <summary>The call that writes one value; CSV and JSON writers have the same methods.</summary>
    public static string WriteCall(ColumnModel column, string expression)
    {
        var nullable = column.Nullable ? "Nullable" : "";
        var kind = column.Kind switch { ColumnKind.String => "Text", ColumnKind.Bytes => "Bytes", _ => "" };
        var iso = column.Unit == null && IsTime(column) && IsIso(column.Format ?? "", column.Kind) ? "Iso" : "";
        return $"Write{nullable}{kind}{iso}({expression}{WriteFormat(column)})";
    }

    /// <summary>The argument that says how the column is written, with the comma before it; empty where that is the default.</summary>
    public static string WriteFormat(ColumnModel column) =>
        column.Unit != null ? $", {CSharp.TimeUnit}{column.Unit}"
        : column.Format is { Length: > 0 } text && IsTime(column) ? ", " + Literal(text)
        : "";

    /// <summary>Whether the column holds a date, a time or a duration: the types whose format can be chosen.</summary>
    public static bool IsTime(ColumnModel column) =>
        column.Kind is ColumnKind.DateTime
            or ColumnKind.DateTimeOffset
            or ColumnKind.DateOnly
            or ColumnKind.TimeOnly
            or ColumnKind.TimeSpan;

    /// <summary>The name as JSON text, without quotes around it.</summary>
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

    // A duration in the format c is read as one without a format is.
    private static string? ReadFormat(ColumnModel column) =>
        IsTime(column) && column.Format is { Length: > 0 } format && (column.Kind != ColumnKind.TimeSpan || format != "c") ? format : null;

    // The texts of these formats are ISO 8601 without an offset, whose reader and writer are much faster than TryParseExact and TryFormat.
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
