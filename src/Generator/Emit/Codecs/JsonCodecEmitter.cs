using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the readers and writers of JSON Lines rows.</summary>
internal static class JsonCodecEmitter
{
    // As many as JsonMembers can tell apart; a row with more is read field by field.
    private const int MostMembers = 128;

    /// <summary>Emits <c>private readonly struct {structName} : IJsonRowReader&lt;Row&gt;</c>, to be used as <c>JsonLinesFileSource&lt;Row, structName&gt;</c>.</summary>
    public static void EmitReader(CodeWriter writer, RowModel row, string structName)
    {
        var locals = CodecNames.Locals(row);
        var trees = row.IsTree ? new TreeReaderEmitter(writer, row) : null;
        writer.Line($"/// <summary>Reads {row.Name} rows from JSON Lines.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}IJsonRowReader<{row.Type}>"))
        {
            CodecNames.EmitColumns(writer, row);
            writer.Line("/// <inheritdoc/>");
            using (writer.Braces($"public static bool TryRead(ref {CodecNames.Formats}JsonCursor cursor, out {row.Type} row)"))
            {
                if (trees == null)
                {
                    EmitUsual(writer, row, locals);
                }
                else if (row.Columns.Count > MostMembers)
                {
                    writer.Line("row = default!;");
                    writer.Line("return false;");
                }
                else
                {
                    writer.Line("var json = cursor.Tree();");
                    writer.Line($"return {trees.Root}(ref json, out row) && cursor.EndTree(in json);");
                }
            }

            writer.Line();
            CodecNames.EmitFieldReader(writer, row, locals, trees);
            trees?.Emit(withRow: row.Columns.Count <= MostMembers);
        }
    }

    /// <summary>Emits <c>private readonly struct {structName} : IRowWriter&lt;Row&gt;</c>, to be used as <c>FileSink&lt;Row, structName&gt;</c>.</summary>
    public static void EmitWriter(CodeWriter writer, RowModel row, string structName)
    {
        var trees = new TreeWriterEmitter(writer, row);
        writer.Line($"/// <summary>Writes {row.Name} rows as JSON Lines.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}IRowWriter<{row.Type}>"))
        {
            writer.Line("/// <inheritdoc/>");
            writer.Line("public static global::System.ReadOnlySpan<byte> Header => [];");
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            using (writer.Braces($"public static void Write({CodecNames.Formats}Utf8Buffer output, in {row.Type} row)"))
            {
                writer.Line($"var json = new {CodecNames.Formats}JsonRowWriter(output);");
                var isFirst = true;
                foreach (var (column, _) in row.InText)
                {
                    var name = (isFirst ? "{" : ",") + "\"" + CodecNames.JsonEscaped(column.Name) + "\":";
                    isFirst = false;
                    writer.Line($"json.Name({CodecNames.Literal(name)}u8);");
                    writer.Line(trees.Write(column, "json"));
                }

                writer.Line("json.EndRow();");
            }

            trees.Emit();
        }
    }

    private static void EmitUsual(CodeWriter writer, RowModel row, string[] locals)
    {
        var conditions = new List<string>();
        foreach (var (column, index) in row.InText)
        {
            var name = CodecNames.Literal("\"" + CodecNames.JsonEscaped(column.Name) + "\":");
            var read = column.IsRead ? CodecNames.ReadCall(column, locals[index], conditions.Count, withIndex: false) : "Skip()";
            conditions.Add($"cursor.{(conditions.Count == 0 ? "First" : "Next")}({name}u8) && cursor.{read}");
        }

        conditions.Add("cursor.EndRow()");
        CodecNames.EmitConditions(writer, conditions, row, locals);
    }
}
