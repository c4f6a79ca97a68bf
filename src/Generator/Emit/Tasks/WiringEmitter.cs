using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits the constructor of a task, which creates operators, gets state, exchanges and sinks from the context, and opens the source.
/// </summary>
internal sealed class WiringEmitter(CodeWriter code, PhysicalTask task, TaskNames names)
{
    private const string Sources = "global::Penstock.Sources.Files.";
    private const string Sinks = "global::Penstock.Sinks.Files.";

    // The beginning of the constructor's body.
    private readonly int _start = code.Place;

    /// <summary>The fields of a stage, by type and name.</summary>
    public static IEnumerable<(string Type, string Name)> FieldsOf(Stage stage, TaskNames names)
    {
        switch (stage.Node)
        {
            case SinkNode sink:
                yield return (
                    $"{CSharp.Tasks}{(sink.Connector is TapModel ? "TapOutput" : "SinkOutput")}<{sink.Row!.Name}>",
                    names.Sink(sink));
                break;
            case OperatorNode node when stage.Kind == StageKind.Exchange:
                yield return ExchangeEmitter.FieldOf(stage, node, names);
                break;
            case OperatorNode node:
                foreach (var field in KindEmitters.Of(node.Kind).FieldsOf(node, names))
                {
                    yield return field;
                }

                break;
        }
    }

    public void Emit()
    {
        // Late rows have their own time. Results of windows have the time of their task.
        var late = task.Head.Node is OperatorNode head && KindEmitters.Of(head.Kind) is HeadEmitter { PutsAsideRowsOfSplits: true }
            ? task.Head.SideOutputs.SelectMany(static stage => stage.WorkingStages()).ToList()
            : [];
        foreach (var stage in task.Head.WorkingStages())
        {
            switch (stage.Node)
            {
                case SinkNode { Connector: TapModel } tap:
                    code.Line($"{names.Sink(tap)} = context.Tap<{tap.Row!.Name}>({CSharp.Literal(tap.Inputs[0])});");
                    break;
                case SinkNode sink:
                    EmitWritten(sink);
                    EmitSink(sink);
                    break;
                case OperatorNode node when stage.Kind == StageKind.Exchange:
                    ExchangeEmitter.EmitWiring(code, stage, node, late.Exists(row => ReferenceEquals(row, stage)), names);
                    break;
                case OperatorNode node:
                    var emitter = KindEmitters.Of(node.Kind);
                    if (emitter.IsWired || emitter.FieldsOf(node, names).Any())
                    {
                        EmitWritten(node);
                    }

                    emitter.EmitWiring(code, node, names);
                    break;
            }
        }

        if (task.Head.Node is SourceNode source)
        {
            EmitWritten(source);
            EmitSource(source);
        }
    }

    // The declaration, as a comment above its code.
    private void EmitWritten(LogicalNode node)
    {
        if (code.Place > _start)
        {
            code.Line();
        }

        if (node.Written.Length > 0)
        {
            code.Line($"// {CSharp.OneLine(node.Written)} {CSharp.OneLine(node.Name)}");
        }
    }

    private void EmitSink(SinkNode sink)
    {
        code.Line($"{names.Sink(sink)} = context.Sink<{sink.Row!.Name}>(");
        using (code.Indent())
        {
            code.Line($"{CSharp.Literal(sink.Inputs[0])},");
            code.Line($"{CSharp.Literal(sink.Id)},");
            var asked = new List<string>();
            if (sink.Connector.Asked != null)
            {
                var columns = Columns("ForWriter", names.Pipeline.Columns(sink.Connector), sink.Connector);
                asked.Add($"{CSharp.Penstock}Sinks.SinkColumns<{sink.Row.Name}>.{columns}");
            }

            if (StageEmitter.ReadsTime(sink))
            {
                asked.Add("readsTimes: true");
            }

            code.Line("static sink => " + (sink.Connector switch
            {
                FileSinkModel { Package: { } package } file =>
                    $"{package.Factory}.{package.Method}<{sink.Row.Name}, {names.Pipeline.Writer(sink, file)}>(sink, {ConstantCode.Of(package.Settings)})",
                MessageSinkModel { Package: { IsForDeadLetters: true } package } =>
                    $"{package.Factory}.{package.Method}(sink, {ConstantCode.Of(package.Settings)})",
                MessageSinkModel messages =>
                    $"{messages.Package.Factory}.{messages.Package.Method}<{sink.Row.Name}, {names.Pipeline.MessageWriter(sink)}>(sink, {ConstantCode.Of(messages.Package.Settings)})",
                FileSinkModel file =>
                    $"sink.File<{sink.Row.Name}, {names.Pipeline.Writer(sink, file)}>(new {Sinks}FileSinkSettings({CSharp.Literal(file.Path)}, rollSize: {CSharp.Literal(file.RollSize)}))",
                CustomConnectorModel custom => DeclaredClass.Create(custom.Type, custom.Services, "sink.Services"),
                _ => throw new InvalidOperationException($"Sink '{sink.Id}' has not been validated."),
            }) + (asked.Count == 0 ? ");" : ","));
            for (var i = 0; i < asked.Count; i++)
            {
                code.Line(asked[i] + (i + 1 < asked.Count ? "," : ");"));
            }
        }
    }

    private void EmitSource(SourceNode source)
    {
        var row = source.Row!.Name;
        var time = source.Time switch
        {
            null => $"global::Penstock.Time.NoEventTime<{row}>",
            { IsIngestion: true } => $"global::Penstock.Time.IngestionTime<{row}>",
            _ => names.Pipeline.Time(source),
        };
        code.Line($"context.Source<{row}, {time}>(");
        using (code.Indent())
        {
            code.Line($"{CSharp.Literal(source.Id)},");
            code.Line("static source => " + (source.Connector switch
            {
                FileSourceModel { Package: { } package } file =>
                    $"{package.Factory}.{package.Method}<{row}, {Reader(source, FormatOf(file))}>(source, {ConstantCode.Of(package.Settings)}),",
                MessageSourceModel messages =>
                    $"source.Messages<{row}, {Reader(source, "Message")}>(static source => {messages.Package.Factory}.{messages.Package.Method}<{row}, {Reader(source, "Message")}>(source, {ConstantCode.Of(messages.Package.Settings)})),",
                FileSourceModel file =>
                    $"source.{FormatOf(file)}<{row}, {Reader(source, FormatOf(file))}>(new {Sources}FileSourceSettings({Arguments(file)})),",
                CustomConnectorModel custom => DeclaredClass.Create(custom.Type, custom.Services, "source.Services") + ",",
                _ => throw new InvalidOperationException($"Source '{source.Id}' has not been validated."),
            }));
            EmitTime(source);
            var takesBadRows = TaskEmitter.AsideOf(task.Head, SideOutputs.BadRows).Any();
            var policy = takesBadRows ? BadRowHandling.SideOutput : source.Connector.BadRows;
            var last = new List<string> { $"global::Penstock.BadRowPolicy.{policy}" };
            if (takesBadRows)
            {
                last.Add("OnBadRow");
            }

            if (source.Connector.Asked != null)
            {
                var columns = Columns("ForReader", names.Pipeline.Columns(source), source.Connector);
                last.Add($"columns: {CSharp.Penstock}Sources.SourceColumns<{row}>.{columns}");
            }

            if (TaskEmitter.AsideOf(task.Head, SideOutputs.Untimed).Any())
            {
                last.Add("onUntimed: OnUntimed");
            }

            for (var i = 0; i < last.Count; i++)
            {
                code.Line(last[i] + (i + 1 < last.Count ? "," : ");"));
            }
        }
    }

    private static string Columns(string method, string columns, ConnectorModel connector) =>
        connector.HasColumns ? $"{method}<{columns}>()" : $"ForSchema({columns}.Schema)";

    // The reader of a row also checks its event time, because only it has the text of the row for messages.
    private string Reader(SourceNode source, string format) => source.Time is null or { IsIngestion: true }
        ? names.Pipeline.Reader(source)
        : $"global::Penstock.Formats.Timed{(format == "JsonLines" ? "Json" : format)}Reader<{source.Row!.Name}, {names.Pipeline.Reader(source)}, {names.Pipeline.Time(source)}>";

    private void EmitTime(SourceNode source)
    {
        if (source.Time is not { } time)
        {
            code.Line("global::Penstock.Time.EventTimeSettings.None,");
            return;
        }

        var grids = task.Grids.Select(static grid =>
            $"new global::Penstock.Time.WatermarkGrid(SizeMicros: {CSharp.Literal(grid.Size)}, OffsetMicros: {CSharp.Literal(grid.Offset)}, LatenessMicros: {CSharp.Literal(grid.Lateness)})");
        var policy = time.OnNull is { } onNull ? $" {{ OnNull = {CSharp.Penstock}NullTimePolicy.{onNull} }}" : "";

        // One line, so that the line breaker sees the whole expression and indents the initializer below it.
        code.Line(
            $"new global::Penstock.Time.EventTimeSettings(MaxDelayMicros: {CSharp.Literal(time.MaxDelay)}, IdleMicros: {CSharp.Literal(time.Idle)}, [{string.Join(", ", grids)}]){policy},");
    }

    private static string FormatOf(FileSourceModel file) => file.Format == FileRowFormat.Csv ? "Csv" : "JsonLines";

    private static string Arguments(FileSourceModel file) =>
        $"{CSharp.Literal(file.Path)}, splitSize: {CSharp.Literal(file.SplitSize)}"
        + (file.Format == FileRowFormat.Csv ? $", delimiter: {CSharp.Literal(file.Delimiter)}" : "")
        + (file.MultiLine ? "" : ", multiLine: false")
        + (file.Poll is { } poll ? $", pollMicros: {CSharp.Literal(poll)}" : "");
}
