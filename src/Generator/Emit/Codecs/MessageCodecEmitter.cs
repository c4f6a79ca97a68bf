using Penstock.Generator.Plan;
using Penstock.Generator.Text;
using Penstock.Generator.Words;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the readers and writers of messages, which handle the metadata and call a reader or writer of the value.</summary>
internal static class MessageCodecEmitter
{
    private const string HeaderPrefix = "header:";
    private const string Text = CodecNames.Formats + "MessageText.";

    /// <summary>
    /// Emits <c>private readonly struct {name} : IMessageReader&lt;Row&gt;</c>, preceded by the reader of the value, if any.
    /// </summary>
    /// <param name="stream">The stream of the source.</param>
    public static void EmitReader(CodeWriter writer, MessageSourceModel source, string stream, string name, string valueName)
    {
        var row = source.Rows;
        var hasText = source.Format is MessageRowFormat.Json or MessageRowFormat.Csv;
        if (hasText)
        {
            EmitValueReader(writer, source, stream, valueName);
            writer.Line();
        }

        writer.Line($"/// <summary>Reads the rows of {CSharp.Comment(stream)} from messages.</summary>");
        using (writer.Braces($"private readonly struct {name} : {CodecNames.Formats}IMessageReader<{row.Type}>"))
        {
            writer.Line($"public static {CodecNames.Formats}TextColumn[] Columns => {(hasText ? valueName + ".Columns" : "[]")};");
            writer.Line();
            var beside = row.BesideText.Where(static item => item.Column.IsRead).ToList();
            var items = beside.Select(static item =>
                $"new({CodecNames.Literal(item.Column.Metadata!)}{(item.Column.Nullable ? ", isNullable: true" : "")})");
            writer.Line($"public static {CodecNames.Formats}MetadataColumn[] Metadata {{ get; }} = [{string.Join(", ", items)}];");
            writer.Line();
            var accessors = new InitAccessors([]);
            using (writer.Braces(
                $"public static bool TryRead({CodecNames.Formats}MessageFields message, {ReadVariables.OutRow(row)})"))
            {
                EmitTryRead(writer, source, beside, valueName, accessors);
            }

            accessors.Emit(writer);
        }
    }

    /// <summary>Emits <c>private readonly struct {name} : IMessageWriter&lt;Row&gt;</c>.</summary>
    /// <param name="id">The id of the sink.</param>
    /// <param name="valueName">The writer of the value, which all sinks with the same values share.</param>
    public static void EmitWriter(CodeWriter writer, MessageSinkModel sink, string id, string name, string valueName)
    {
        var row = sink.Rows;
        var headers = row.Columns
            .Where(static column => column.Metadata?.StartsWith(HeaderPrefix, StringComparison.Ordinal) == true)
            .ToList();
        var key = sink.KeyColumn;
        writer.Line($"/// <summary>Writes {row.Name} rows as messages, for the sink {CSharp.Comment(id)}.</summary>");
        using (writer.Braces($"private readonly struct {name} : {CodecNames.Formats}IMessageWriter<{row.Type}>"))
        {
            writer.Line(
                $"public static string[] Headers {{ get; }} = [{string.Join(", ", headers.Select(static column => CodecNames.Literal(column.Metadata!.Substring(HeaderPrefix.Length))))}];");
            writer.Line();
            EmitKey(writer, row, key);
            EmitPart(
                writer,
                $"WriteValue({CodecNames.Formats}Utf8Buffer output, in {row.Type} row, global::Penstock.RowKind kind)",
                ValueCall(sink, valueName));
            EmitHeaders(writer, row, headers);
            writer.Line(
                $"public static long? TimestampOf(in {row.Type} row) => {TimestampCall(row.Columns.FirstOrDefault(static column => column.Metadata == "timestamp"))};");
        }
    }

    private static void EmitValueReader(CodeWriter writer, MessageSourceModel source, string stream, string name)
    {
        if (source.Format == MessageRowFormat.Csv)
        {
            CsvCodecEmitter.EmitReader(writer, source.Rows, name, $"Reads the rows of {stream} from the CSV of messages");
        }
        else
        {
            JsonCodecEmitter.EmitReader(writer, source.Rows, name, $"Reads the rows of {stream} from the JSON of messages");
        }
    }

    private static void EmitTryRead(
        CodeWriter writer,
        MessageSourceModel source,
        List<(ColumnModel Column, int Index)> beside,
        string valueName,
        InitAccessors accessors)
    {
        var row = source.Rows;
        var locals = CodecNames.Locals(row);
        var value = source.Format switch
        {
            MessageRowFormat.Json => $"message.TryReadJson<{row.Type}, {valueName}>(out row)",
            MessageRowFormat.Csv => $"message.TryReadCsv<{row.Type}, {valueName}>(out row)",
            MessageRowFormat.MemoryPack => $"message.TryReadMemoryPack<{row.Type}>(out row)",
            MessageRowFormat.Raw => null,
            _ => throw new InvalidOperationException($"Unknown message format: {source.Format}."),
        };
        if (value != null && beside.Count == 0)
        {
            writer.Line($"return {value};");
            return;
        }

        var reading = new OptionalColumns(row, locals, "message", accessors, indexed: "metadata");
        if (value != null)
        {
            reading.Add(value);
        }

        for (var i = 0; i < beside.Count; i++)
        {
            reading.Add(beside[i].Column, beside[i].Index, i);
        }

        reading.EmitLocals(writer);
        var sure = beside.Where(static item => !OptionalColumns.IsSetLater(item.Column)).ToList();
        IEnumerable<string> made = value == null ? [
            $"row = {CodecNames.Construct(row, locals, static column => column.IsRead && !OptionalColumns.IsSetLater(column))};"
        ]
            : sure.Count == 0 ? []
            : row.CanCopy ? [
                $"row = row with {{ {string.Join(", ", sure.Select(item => $"{CodecNames.Member(item.Column)} = {locals[item.Index]}"))} }};"
            ]
            : sure.Select(item => $"row.{CodecNames.Member(item.Column)} = {locals[item.Index]};");
        ReadMethods.EmitConditions(writer, reading.Conditions, row, [.. made, .. reading.Setters]);
    }

    private static void EmitHeaders(CodeWriter writer, RowModel row, List<ColumnModel> headers)
    {
        var signature = $"WriteHeader({CodecNames.Formats}Utf8Buffer output, int header, in {row.Type} row)";
        if (headers.Count == 0)
        {
            EmitPart(writer, signature, "false");
            return;
        }

        writer.Line($"public static bool {signature} => header switch");
        writer.Line("{");
        using (writer.Indent())
        {
            for (var i = 0; i < headers.Count; i++)
            {
                writer.Line($"{i} => {TextCall(headers[i])},");
            }

            writer.Line("_ => false,");
        }

        writer.Line("};");
        writer.Line();
    }

    // The key of a row is requested first.
    private static void EmitKey(CodeWriter writer, RowModel row, ColumnModel? key)
    {
        var signature = $"WriteKey({CodecNames.Formats}Utf8Buffer output, in {row.Type} row)";
        var call = key == null ? "false" : TextCall(key, isKey: true);
        if (row.IsValue)
        {
            EmitPart(writer, signature, call);
            return;
        }

        using (writer.Braces($"public static bool {signature}"))
        {
            CodecNames.EmitRequirement(writer, row);
            writer.Line($"return {call};");
        }

        writer.Line();
    }

    private static void EmitPart(CodeWriter writer, string signature, string call)
    {
        writer.Line($"public static bool {signature} => {call};");
        writer.Line();
    }

    private static string ValueCall(MessageSinkModel sink, string valueName) =>
        (sink.Changelog == ChangelogFormat.Upsert ? "kind != global::Penstock.RowKind.Delete && " : "")
        + (sink.Rows.Columns.FirstOrDefault(column => column.Member == sink.Tombstone) is { } tombstone
            ? $"!row.{CodecNames.Member(tombstone)} && "
            : "") + AnyValueCall(sink, valueName);

    private static string AnyValueCall(MessageSinkModel sink, string valueName) => sink.Format switch
    {
        MessageRowFormat.MemoryPack => $"{Text}WriteMemoryPack(output, in row)",
        MessageRowFormat.Raw => TextCall(sink.Rows.Columns.First(static column => column.Metadata == KnownNames.RawValue)),
        MessageRowFormat.Json or MessageRowFormat.Csv => $"{Text}WriteRow<{sink.Rows.Type}, {valueName}>(output, in row, kind)",
        _ => throw new InvalidOperationException($"Unknown message format: {sink.Format}."),
    };

    private static string TextCall(ColumnModel column, bool isKey = false)
    {
        var value = $"row.{CodecNames.Member(column)}";
        if (isKey && column.Kind is (ColumnKind.Decimal or ColumnKind.DateTime or ColumnKind.DateTimeOffset))
        {
            value = $"{Text}Canonical({value})";
        }

        var what = column.Kind switch { ColumnKind.String => "Text", ColumnKind.Bytes => "Bytes", _ => column.Nullable ? "Nullable" : "" };
        return $"{Text}Write{what}(output, {value}{CodecNames.WriteFormat(column)})";
    }

    private static string TimestampCall(ColumnModel? column) => column switch
    {
        null => "null",
        { Kind: ColumnKind.Int64 } => $"row.{CodecNames.Member(column)}",
        { Nullable: true } => $"row.{CodecNames.Member(column)} is {{ }} time ? {Milliseconds("time")} : null",
        _ => Milliseconds($"row.{CodecNames.Member(column)}"),
    };

    private static string Milliseconds(string time) => $"global::Penstock.EventTimes.From({time}) / 1_000";
}
