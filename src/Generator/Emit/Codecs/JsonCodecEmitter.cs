using Penstock.Generator.Equality;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the readers and writers of JSON rows.</summary>
internal static class JsonCodecEmitter
{
    // The maximum for JsonMembers. Rows with more columns are read field by field.
    private const int MaxMembers = 128;

    /// <summary>
    /// Emits <c>private readonly struct {structName} : IJsonRowReader&lt;Row&gt;</c>, for <c>JsonLinesFileSource&lt;Row,
    /// structName&gt;</c>.
    /// </summary>
    /// <param name="summary">What it does.</param>
    public static void EmitReader(CodeWriter writer, RowModel row, string structName, string summary)
    {
        var locals = CodecNames.Locals(row);
        var trees = row.IsTree ? new TreeReaderEmitter(writer, row) : null;
        var accessors = trees?.Accessors ?? new InitAccessors([]);
        writer.Line($"/// <summary>{CSharp.Comment(summary)}.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}IJsonRowReader<{row.Type}>"))
        {
            CodecNames.EmitColumns(writer, row);
            trees?.EmitFields(withRow: row.Columns.Count <= MaxMembers);
            ReadMethods.EmitFastSummary(writer);
            using (writer.Braces(
                $"public static bool TryRead(ref {CodecNames.Formats}JsonCursor cursor, {ReadVariables.OutRow(row)})"))
            {
                if (trees == null)
                {
                    EmitUsual(writer, row, locals);
                }
                else if (row.Columns.Count > MaxMembers)
                {
                    writer.Line("// An object with so many members is read field by field.");
                    ReadMethods.EmitNoRow(writer, row);
                }
                else
                {
                    writer.Line("var json = cursor.Tree();");
                    writer.Line($"return {trees.Root}(ref json, out row) && cursor.EndTree(in json);");
                }
            }

            writer.Line();
            ReadMethods.EmitFieldReader(writer, row, locals, trees, accessors);
            trees?.Emit(withRow: row.Columns.Count <= MaxMembers);
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
        var trees = new TreeWriterEmitter(writer, row);
        writer.Line($"/// <summary>{CSharp.Comment(summary)}.</summary>");
        using (writer.Braces($"private readonly struct {structName} : {CodecNames.Formats}IRowWriter<{row.Type}>"))
        {
            writer.Line("public static global::System.ReadOnlySpan<byte> Header => [];");
            writer.Line();
            using (writer.Braces(
                $"public static void Write({CodecNames.Formats}Utf8Buffer output, in {row.Type} row, global::Penstock.RowKind kind)"))
            {
                CodecNames.EmitRequirement(writer, row);
                writer.Line($"var json = new {CodecNames.Formats}JsonRowWriter(output);");
                switch (form.Format)
                {
                    case ChangelogFormat.AppendOnly:
                        EmitMembers(writer, row, trees, "{");
                        break;
                    case ChangelogFormat.OpColumn:
                        writer.Line("json.Name(\"{\\\"op\\\":\\\"\"u8);");
                        writer.Line("json.Op(kind);");
                        EmitMembers(writer, row, trees, "\",");
                        break;
                    case ChangelogFormat.Debezium:
                        EmitEnvelope(writer, row, trees, form.Key);
                        break;
                    default:
                        throw new InvalidOperationException($"Rows have no such form: {form.Format}.");
                }

                writer.Line("json.EndRow();");
            }

            trees.Emit();
        }
    }

    private static void EmitEnvelope(CodeWriter writer, RowModel row, TreeWriterEmitter trees, EquatableArray<string> key)
    {
        if (key.Count == 0)
        {
            EmitAfter();
        }
        else
        {
            using (writer.Braces("if (kind == global::Penstock.RowKind.Delete)"))
            {
                EmitMembers(
                    writer,
                    row with { Columns = row.Columns.Where(column => key.Contains(column.Member)).ToEquatableArray() },
                    trees,
                    "{\"before\":{");
                writer.Line("json.Name(\"},\\\"after\\\":null\"u8);");
            }

            using (writer.Braces("else"))
            {
                EmitAfter();
            }

            writer.Line();
        }

        writer.Line("json.Name(\",\\\"op\\\":\\\"\"u8);");
        writer.Line("json.Op(kind);");
        writer.Line("json.Mark('\"');");

        void EmitAfter()
        {
            EmitMembers(writer, row, trees, "{\"before\":null,\"after\":{");
            writer.Line("json.Mark('}');");
        }
    }

    private static void EmitMembers(CodeWriter writer, RowModel row, TreeWriterEmitter trees, string before)
    {
        foreach (var (column, _) in row.InText)
        {
            writer.Line($"json.Name({CodecNames.Literal($"{before}\"{CodecNames.JsonEscaped(column.Name)}\":")}u8);");
            writer.Line(trees.Write(column, "json"));
            before = ",";
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
        ReadMethods.EmitRow(writer, conditions, row, locals);
    }
}
