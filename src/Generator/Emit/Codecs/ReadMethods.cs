using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the parts of methods that read rows, which are the same in every format.</summary>
internal static class ReadMethods
{
    /// <summary>Emits the slow path for unusual rows.</summary>
    /// <param name="trees">Reads the columns that are trees; null if there are none.</param>
    /// <param name="accessors">The accessors for init-only members.</param>
    public static void EmitFieldReader(
        CodeWriter writer, RowModel row, string[] locals, TreeReaderEmitter? trees, InitAccessors accessors)
    {
        var reading = new OptionalColumns(row, locals, "fields", accessors, trees);
        var position = 0;
        foreach (var (column, index) in row.InText)
        {
            if (column.IsRead)
            {
                reading.Add(column, index, position);
            }

            position++;
        }

        EmitSlowSummary(writer);
        using (writer.Braces($"public static bool TryRead({CodecNames.Formats}TextRow fields, {ReadVariables.OutRow(row)})"))
        {
            reading.EmitLocals(writer);
            var known = locals
                .Select((local, index) => row.Columns[index].IsOptional ? ReadVariables.Known(row.Columns[index], local) : local)
                .ToArray();
            var made = CodecNames.Construct(
                row, known, static column => column is { IsRead: true, Metadata: null } && !OptionalColumns.IsSetLater(column));
            EmitConditions(writer, reading.Conditions, row, [$"row = {made};", .. reading.Setters]);
        }
    }

    /// <summary>Emits the summary of the method that reads usual rows.</summary>
    public static void EmitFastSummary(CodeWriter writer) => writer.Line(
        "/// <summary>The fast path: reads a row in its usual form. Returns <c>false</c> for any other row.</summary>");

    private static void EmitSlowSummary(CodeWriter writer) => writer.Line(
        "/// <summary>Reads any row from its separate fields. Returns <c>false</c> if one of them has no valid value.</summary>");

    /// <summary>Emits <c>if (all conditions) { row = …; return true; }</c> and the failure case.</summary>
    public static void EmitRow(CodeWriter writer, List<string> conditions, RowModel row, string[] locals) =>
        EmitConditions(writer, conditions, row, [$"row = {CodecNames.Construct(row, locals)};"]);

    /// <summary>The same, with other statements that create the row.</summary>
    public static void EmitConditions(CodeWriter writer, IReadOnlyList<string> conditions, RowModel row, IEnumerable<string> made)
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
        EmitNoRow(writer, row);
    }

    /// <summary>Emits the end of a method that cannot read the row.</summary>
    public static void EmitNoRow(CodeWriter writer, RowModel row)
    {
        writer.Line($"row = {ReadVariables.Nothing(row.IsValue)};");
        writer.Line("return false;");
    }
}
