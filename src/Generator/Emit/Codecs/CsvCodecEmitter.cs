using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the readers and writers of CSV rows.</summary>
internal static class CsvCodecEmitter
{
    /// <summary>
    /// Emits <c>private readonly struct {structName} : ICsvRowReader&lt;Row&gt;</c>, for <c>CsvFileSource&lt;Row, structName&gt;</c>.
    /// </summary>
    /// <param name="summary">What it does.</param>
    public static void EmitReader(CodeWriter writer, RowModel row, string structName, string summary)
    {
        var locals = CodecNames.Locals(row);
        var trees = row.IsTree ? new TreeReaderEmitter(writer, row) : null;
        var accessors = trees?.Accessors ?? new InitAccessors([]);
        writer.Line($"/// <summary>{CSharp.Comment(summary)}.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}ICsvRowReader<{row.Type}>"))
        {
            CodecNames.EmitColumns(writer, row);
            trees?.EmitFields(withRow: false);
            ReadMethods.EmitFastSummary(writer);
            using (writer.Braces(
                $"public static bool TryRead(ref {CodecNames.Formats}CsvCursor cursor, {ReadVariables.OutRow(row)})"))
            {
                if (trees == null)
                {
                    EmitUsual(writer, row, locals);
                }
                else
                {
                    writer.Line("// JSON in a field contains quotes, which make a row unusual.");
                    ReadMethods.EmitNoRow(writer, row);
                }
            }

            writer.Line();
            ReadMethods.EmitFieldReader(writer, row, locals, trees, accessors);
            trees?.Emit(withRow: false);
            accessors.Emit(writer);
        }
    }

    /// <summary>
    /// Emits <c>private readonly struct {structName} : IRowWriter&lt;Row&gt;</c>, for <c>FileSink&lt;Row, structName&gt;</c>.
    /// </summary>
    /// <param name="form">What is written in addition to the columns.</param>
    /// <param name="summary">What it does.</param>
    public static void EmitWriter(CodeWriter writer, RowModel row, string structName, ChangeForm form, string summary)
    {
        var hasOp = form.Format == ChangelogFormat.OpColumn;
        var trees = new TreeWriterEmitter(writer, row);
        writer.Line($"/// <summary>{CSharp.Comment(summary)}.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}IRowWriter<{row.Type}>"))
        {
            var header = (hasOp ? "op," : "") + string.Join(",", row.InText.Select(static item => Quoted(item.Column.Name)));
            writer.Line($"public static global::System.ReadOnlySpan<byte> Header => {CodecNames.Literal(header + "\n")}u8;");
            writer.Line();
            using (writer.Braces(
                $"public static void Write({CodecNames.Formats}Utf8Buffer output, in {row.Type} row, global::Penstock.RowKind kind)"))
            {
                CodecNames.EmitRequirement(writer, row);
                writer.Line($"var csv = new {CodecNames.Formats}CsvRowWriter(output);");
                if (hasOp)
                {
                    writer.Line("csv.Op(kind);");
                }

                foreach (var (column, _) in row.InText)
                {
                    if (column.Tree == null)
                    {
                        writer.Line($"csv.{CodecNames.WriteCall(column, $"row.{CodecNames.Member(column)}")};");
                    }
                    else
                    {
                        writer.Line(trees.Write(column, "csv.Tree()"));
                        writer.Line("csv.EndTree();");
                    }
                }

                writer.Line("csv.EndRow();");
            }

            trees.Emit();
        }
    }

    private static void EmitUsual(CodeWriter writer, RowModel row, string[] locals)
    {
        var conditions = new List<string>();
        foreach (var (column, index) in row.InText)
        {
            var read = column.IsRead ? CodecNames.ReadCall(column, locals[index], conditions.Count, withIndex: false) : "Skip()";
            conditions.Add((conditions.Count == 0 ? "" : "cursor.Next() && ") + "cursor." + read);
        }

        conditions.Add("cursor.EndRow()");
        ReadMethods.EmitRow(writer, conditions, row, locals);
    }

    private static string Quoted(string name) =>
        name.Length == 0 || name.IndexOfAny([',', '"', '\r', '\n']) >= 0 || name[0] == ' ' || name[name.Length - 1] == ' '
            ? "\"" + name.Replace("\"", "\"\"") + "\""
            : name;
}
