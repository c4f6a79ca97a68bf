using Penstock.Generator.Emit.Codecs;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits the files of a pipeline with the code that reads and writes rows: in connectors, and between tasks in different processes.
/// </summary>
internal static class CodecFiles
{
    /// <summary>The readers and writers of files, messages and columns; null if there are none.</summary>
    public static string? EmitOutside(PipelineModel model)
    {
        var names = model.Names;
        var written = new HashSet<string>();
        var summaries = new HashSet<string>();
        var code = new CodeWriter();
        CSharp.Header(code, $"the readers and writers of pipeline {model.Name}");
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            foreach (var node in model.Plan.Logical.Nodes)
            {
                if (CodecOf(node, names) is { } codec && written.Add(codec))
                {
                    if (written.Count > 1)
                    {
                        code.Line();
                    }

                    EmitCodec(code, node, codec, names, written, summaries);
                }

                if (ColumnsOf(node, names) is { } columns && written.Add(columns))
                {
                    if (written.Count > 1)
                    {
                        code.Line();
                    }

                    EmitColumns(code, node, columns, summaries);
                }
            }
        }

        return written.Count == 0 ? null : code.ToString();
    }

    /// <summary>The codecs of rows that are sent to a task in another process; null if there are none.</summary>
    public static string? EmitRows(PipelineModel model)
    {
        var rows = model.Plan.RowsBetweenTasks.ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var names = model.Names;
        var code = new CodeWriter();
        CSharp.Header(code, $"the rows of pipeline {model.Name} that go from task to task", isNullable: false);
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            code.Separated(rows.Select(row => (Action)(() => RowCodecEmitter.Emit(code, row, names.RowCodec(row)))));
        }

        return code.ToString();
    }

    /// <summary>Emits the reader of a source and its columns, without the shared parts.</summary>
    public static void EmitReader(CodeWriter code, SourceNode source, PipelineNames names)
    {
        var columns = ColumnsOf(source, names);
        if (CodecOf(source, names) is { } codec)
        {
            EmitCodec(code, source, codec, names, [], []);
            if (columns != null)
            {
                code.Line();
            }
        }

        if (columns != null)
        {
            EmitColumns(code, source, columns, []);
        }
    }

    private static string? CodecOf(LogicalNode node, PipelineNames names) => node switch
    {
        SourceNode { Connector: ReadSourceModel } source => names.Reader(source),
        SinkNode { Connector: FileSinkModel file } sink => names.Writer(sink, file),
        SinkNode { Connector: MessageSinkModel { Package.IsForDeadLetters: false } } sink => names.MessageWriter(sink),
        _ => null,
    };

    private static string? ColumnsOf(LogicalNode node, PipelineNames names) => node switch
    {
        SourceNode { Connector.Asked: not null } source => names.Columns(source),
        SinkNode { Connector: { Asked: not null } asking } => names.Columns(asking),
        _ => null,
    };

    private static void EmitColumns(CodeWriter code, LogicalNode node, string name, HashSet<string> summaries)
    {
        switch (node)
        {
            case SourceNode { Connector: { Asked: { } rows, HasColumns: var hasColumns } }:
                new ColumnCodecEmitter(code, rows, name).EmitReader(
                    hasColumns,
                    hasColumns ? $"Builds the rows of {node.Name} from columns" : $"The columns of {node.Name} that are read");
                break;
            case SinkNode { Connector: { Asked: { } rows, HasColumns: var hasColumns } }:
                new ColumnCodecEmitter(code, rows, name).EmitWriter(
                    hasColumns,
                    Unlike(summaries, hasColumns ? $"Copies {rows.Name} rows into columns" : $"The columns of {rows.Name} rows", node));
                break;
        }
    }

    private static void EmitCodec(
        CodeWriter code, LogicalNode node, string name, PipelineNames names, HashSet<string> written, HashSet<string> summaries)
    {
        switch (node)
        {
            case SourceNode { Connector: FileSourceModel { Format: FileRowFormat.Csv } file }:
                CsvCodecEmitter.EmitReader(code, file.Rows, name, $"Reads the rows of {node.Name} from CSV");
                break;
            case SourceNode { Connector: FileSourceModel file }:
                JsonCodecEmitter.EmitReader(code, file.Rows, name, $"Reads the rows of {node.Name} from JSON Lines");
                break;
            case SinkNode { Connector: FileSinkModel { Format: FileRowFormat.Csv } file } sink:
                CsvCodecEmitter.EmitWriter(code, file.Rows, name, ChangeForm.Of(sink), Summary(sink, file.Rows, "CSV", summaries));
                break;
            case SinkNode { Connector: FileSinkModel file } sink:
                JsonCodecEmitter.EmitWriter(code, file.Rows, name, ChangeForm.Of(sink), Summary(sink, file.Rows, "JSON Lines", summaries));
                break;
            case SourceNode { Connector: MessageSourceModel messages } source:
                MessageCodecEmitter.EmitReader(code, messages, source.Name, name, names.ValueReader(source));
                break;
            case SinkNode { Connector: MessageSinkModel messages } sink:
                EmitValueWriter(code, sink, messages, names.ValueWriter(sink, messages), written, summaries);
                MessageCodecEmitter.EmitWriter(code, messages, sink.Id, name, names.ValueWriter(sink, messages));
                break;
        }
    }

    private static void EmitValueWriter(
        CodeWriter code, SinkNode sink, MessageSinkModel messages, string name, HashSet<string> written, HashSet<string> summaries)
    {
        if (messages.Format is not (MessageRowFormat.Json or MessageRowFormat.Csv) || !written.Add(name))
        {
            return;
        }

        var form = ChangeForm.Of(sink);
        if (messages.Format == MessageRowFormat.Csv)
        {
            CsvCodecEmitter.EmitWriter(code, messages.Rows, name, form, Summary(sink, messages.Rows, "the CSV of messages", summaries));
        }
        else
        {
            JsonCodecEmitter.EmitWriter(code, messages.Rows, name, form, Summary(sink, messages.Rows, "the JSON of messages", summaries));
        }

        code.Line();
    }

    private static string Summary(SinkNode sink, RowModel rows, string format, HashSet<string> summaries)
    {
        var more = ChangeForm.Of(sink) switch
        {
            { Format: ChangelogFormat.OpColumn } => ", with their operations",
            { Format: ChangelogFormat.Debezium, Key.Count: 0 } => ", in envelopes of Debezium",
            { Format: ChangelogFormat.Debezium, Key: var key } => $", in envelopes of Debezium with the key {string.Join(", ", key)}",
            _ => "",
        };
        return Unlike(summaries, $"Writes {rows.Name} rows as {format}{more}", sink);
    }

    // Rows with other column names, or of another type with the same name.
    private static string Unlike(HashSet<string> summaries, string summary, LogicalNode sink) =>
        summaries.Add(summary) ? summary : $"{summary}, for the sink {sink.Id}";
}
