using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the readers and writers of CSV rows.</summary>
internal static class CsvCodecEmitter
{
    /// <summary>Emits <c>private readonly struct {structName} : ICsvRowReader&lt;Row&gt;</c>, to be used as <c>CsvFileSource&lt;Row, structName&gt;</c>.</summary>
    public static void EmitReader(CodeWriter writer, RowModel row, string structName)
    {
        var locals = CodecNames.Locals(row);
        writer.Line($"/// <summary>Reads {row.Name} rows from CSV.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}ICsvRowReader<{row.Type}>"))
        {
            CodecNames.EmitColumns(writer, row);
            writer.Line("/// <inheritdoc/>");
            using (writer.Braces($"public static bool TryRead(ref {CodecNames.Formats}CsvCursor cursor, out {row.Type} row)"))
            {
                var conditions = new List<string>();
                foreach (var (column, index) in row.InText)
                {
                    var read = column.IsRead ? CodecNames.ReadCall(column, locals[index], conditions.Count, withIndex: false) : "Skip()";
                    conditions.Add((conditions.Count == 0 ? "" : "cursor.Next() && ") + "cursor." + read);
                }

                conditions.Add("cursor.EndRow()");
                CodecNames.EmitConditions(writer, conditions, row, locals);
            }

            writer.Line();
            CodecNames.EmitFieldReader(writer, row, locals);
        }
    }

    /// <summary>Emits <c>private readonly struct {structName} : IRowWriter&lt;Row&gt;</c>, to be used as <c>FileSink&lt;Row, structName&gt;</c>.</summary>
    public static void EmitWriter(CodeWriter writer, RowModel row, string structName)
    {
        writer.Line($"/// <summary>Writes {row.Name} rows as CSV.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}IRowWriter<{row.Type}>"))
        {
            var header = string.Join(",", row.InText.Select(static item => Quoted(item.Column.Name)));
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public static global::System.ReadOnlySpan<byte> Header => {CodecNames.Literal(header + "\n")}u8;");
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            using (writer.Braces($"public static void Write({CodecNames.Formats}Utf8Buffer output, in {row.Type} row)"))
            {
                writer.Line($"var csv = new {CodecNames.Formats}CsvRowWriter(output);");
                foreach (var (column, _) in row.InText)
                {
                    writer.Line($"csv.{WriteCall(column)};");
                }

                writer.Line("csv.EndRow();");
            }
        }
    }

    /// <summary>The call that writes one column; CSV and JSON writers have the same methods.</summary>
    internal static string WriteCall(ColumnModel column)
    {
        var nullable = column.Nullable ? "Nullable" : "";
        var kind = column.Kind == ColumnKind.String ? "Text" : "";
        return $"Write{nullable}{kind}(row.{CodecNames.Member(column)}{CodecNames.WriteFormat(column)})";
    }

    private static string Quoted(string name) =>
        name.Length == 0 || name.IndexOfAny([',', '"', '\r', '\n']) >= 0 || name[0] == ' ' || name[name.Length - 1] == ' '
            ? "\"" + name.Replace("\"", "\"\"") + "\""
            : name;
}
