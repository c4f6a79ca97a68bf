using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Emits the constructor of a task: operators are created, state, exchanges and sinks are asked for, the source is begun.</summary>
internal sealed class WiringEmitter(CodeWriter code, PhysicalTask task, TaskNames names)
{
    private const string Sources = "global::Penstock.Sources.Files.";
    private const string Sinks = "global::Penstock.Sinks.Files.";

    /// <summary>The fields of a stage: type and name.</summary>
    public static IEnumerable<(string Type, string Name)> FieldsOf(Stage stage, TaskNames names)
    {
        switch (stage.Node)
        {
            case SinkNode sink:
                yield return ($"{CSharp.Tasks}{(sink.Connector is TapModel ? "TapOutput" : "SinkOutput")}<{sink.Row!.Name}>", names.Sink(sink));
                break;
            case OperatorNode node when stage.Kind == StageKind.Exchange:
                yield return ($"{CSharp.Tasks}ExchangeOutput<{node.Operator.Input.Name}>", names.Exchange(node));
                break;
            case OperatorNode node:
                foreach (var field in FieldsOf(node, names))
                {
                    yield return field;
                }

                break;
        }
    }

    /// <summary>The fields of an operator: its instance, its state, its buffer.</summary>
    public static IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names)
    {
        var types = StateTypes(node, names);
        yield return (node.Operator.Type, names.Operator(node));
        if (node.Operator.Ttl != null)
        {
            yield return ("global::Penstock.State.StateClock", names.Clock(node));
        }

        if (node.Operator.Kind == OperatorKind.Window)
        {
            yield return ($"global::Penstock.Windows.WindowTable<{types}>", names.Windows(node));
        }
        else if (node.Operator is { IsKeyed: true, HasState: true })
        {
            yield return ($"global::Penstock.State.KeyedTable<{types}>", names.Table(node));
        }

        if (node.Operator.HasKeyState)
        {
            yield return ($"global::Penstock.State.KeyedTable<{StateTypes(node, names, "KeyState")}>", names.KeyTable(node));
        }

        if (node.Operator.HasCollections)
        {
            yield return ($"global::Penstock.State.KeyScope<{names.Pipeline.Key(node)}>", names.Scope(node));
        }

        if (HasBuffer(node))
        {
            yield return ($"global::Penstock.Streams.RowBuffer<{node.Operator.Output.Name}>", names.Buffer(node));
        }
    }

    public void Emit()
    {
        foreach (var stage in task.Head.WithAllBehind())
        {
            switch (stage.Node)
            {
                case SinkNode { Connector: TapModel } tap:
                    code.Line($"{names.Sink(tap)} = context.Tap<{tap.Row!.Name}>({CSharp.Literal(tap.Inputs[0])});");
                    break;
                case SinkNode sink:
                    EmitSink(sink);
                    break;
                case OperatorNode node when stage.Kind == StageKind.Exchange:
                    code.Line($"{names.Exchange(node)} = context.Exchange<{node.Operator.Input.Name}>({CSharp.Literal(node.Id)}, static row => {names.Pipeline.Key(node)}.Of(in row).ToString());");
                    break;
                case OperatorNode node:
                    EmitOperator(node);
                    break;
            }
        }

        if (task.Head.Node is SourceNode source)
        {
            EmitSource(source);
        }
    }

    private static bool HasBuffer(OperatorNode node) => node.Operator.Kind is OperatorKind.FlatMap or OperatorKind.Process;

    private static string StateTypes(OperatorNode node, TaskNames names, string state = "State") => node.Operator.IsKeyed
        ? $"{names.Pipeline.Key(node)}, {StageEmitter.Contract(node)}.{state}, {StageEmitter.Contract(node)}.{state}Codec"
        : "";

    private void EmitOperator(OperatorNode node)
    {
        var created = $"{StageEmitter.Contract(node)}.Create(context.Services)";
        code.Line($"{names.Operator(node)} = {(node.Operator.IsDisposable ? $"context.Own({CSharp.Literal(node.Id)}, {created})" : created)};");
        var clock = node.Operator.Ttl == null ? "" : ", " + names.Clock(node);
        if (node.Operator.Ttl is { } ttl)
        {
            code.Line($"{names.Clock(node)} = context.Clock({CSharp.Literal(node.Id)}, gridMicros: {CSharp.Literal(node.Time == null ? 0 : ttl.Grid)});");
            if (ttl.InEntries)
            {
                code.Line($"{StageEmitter.Contract(node)}.Attach({names.Operator(node)}, {names.Clock(node)});");
            }
        }

        if (node.Operator.Window is { } window)
        {
            code.Line($"{names.Windows(node)} = context.Windows<{StateTypes(node, names)}>(");
            using (code.Indent())
            {
                code.Line($"{CSharp.Literal(node.Id)}, sizeMicros: {CSharp.Literal(window.Size)}, offsetMicros: {CSharp.Literal(window.Offset)}, latenessMicros: {CSharp.Literal(window.Lateness)});");
            }
        }
        else if (node.Operator is { IsKeyed: true, HasState: true })
        {
            code.Line($"{names.Table(node)} = context.Table<{StateTypes(node, names)}>({CSharp.Literal(node.Id)}{clock});");
        }

        if (node.Operator.HasKeyState)
        {
            code.Line($"{names.KeyTable(node)} = context.KeyTable<{StateTypes(node, names, "KeyState")}>({CSharp.Literal(node.Id)}{clock});");
        }

        if (node.Operator.HasCollections)
        {
            code.Line(node.Operator.Window == null
                ? $"{names.Scope(node)} = context.Scope<{names.Pipeline.Key(node)}>({CSharp.Literal(node.Id)}{clock});"
                : $"{names.Scope(node)} = context.Scope({CSharp.Literal(node.Id)}, {names.Windows(node)}{clock});");
            code.Line($"{StageEmitter.Contract(node)}.Open({names.Operator(node)}, {names.Scope(node)});");
        }

        if (HasBuffer(node))
        {
            code.Line($"{names.Buffer(node)} = new global::Penstock.Streams.RowBuffer<{node.Operator.Output.Name}>();");
        }
    }

    private void EmitSink(SinkNode sink)
    {
        code.Line($"{names.Sink(sink)} = context.Sink<{sink.Row!.Name}>(");
        using (code.Indent())
        {
            code.Line($"{CSharp.Literal(sink.Inputs[0])},");
            code.Line($"{CSharp.Literal(sink.SinkId)},");
            code.Line("static sink => " + (sink.Connector switch
            {
                FileSinkModel { Package: { } package } file => $"{package.Factory}.CreateSink<{sink.Row.Name}, {names.Pipeline.Writer(file)}>(sink, {package.Settings}));",
                MessageSinkModel messages => $"{messages.Package.Factory}.CreateSink<{sink.Row.Name}, {names.Pipeline.MessageWriter(sink)}>(sink, {messages.Package.Settings}));",
                FileSinkModel file => $"sink.File<{sink.Row.Name}, {names.Pipeline.Writer(file)}>(new {Sinks}FileSinkSettings({CSharp.Literal(file.Path)}, rollSize: {CSharp.Literal(file.RollSize)})));",
                CustomConnectorModel custom => CSharp.Create(custom.Type, custom.Services, "sink.Services") + ");",
                _ => throw new InvalidOperationException($"Sink '{sink.Id}' has not been validated."),
            }));
        }
    }

    private void EmitSource(SourceNode source)
    {
        var row = source.Row!.Name;
        var time = source.Time == null ? $"global::Penstock.Time.NoEventTime<{row}>" : names.Pipeline.Time(source);
        code.Line($"context.Source<{row}, {time}>(");
        using (code.Indent())
        {
            code.Line($"{CSharp.Literal(source.Id)},");
            code.Line("static source => " + (source.Connector switch
            {
                FileSourceModel { Package: { } package } file => $"{package.Factory}.Create{FormatOf(file)}Source<{row}, {Reader(source, FormatOf(file))}>(source, {package.Settings}),",
                MessageSourceModel messages => $"source.Messages<{row}, {Reader(source, "Message")}>(static source => {messages.Package.Factory}.CreateSource<{row}, {Reader(source, "Message")}>(source, {messages.Package.Settings})),",
                FileSourceModel file => $"source.{FormatOf(file)}<{row}, {Reader(source, FormatOf(file))}>(new {Sources}FileSourceSettings({Arguments(file)})),",
                CustomConnectorModel custom => CSharp.Create(custom.Type, custom.Services, "source.Services") + ",",
                _ => throw new InvalidOperationException($"Source '{source.Id}' has not been validated."),
            }));
            EmitTime(source);
            var takesBadRows = task.Head.Aside.Count > 0;
            var policy = takesBadRows ? BadRowHandling.SideOutput : source.Connector.BadRows;
            code.Line($"global::Penstock.BadRowPolicy.{policy}{(takesBadRows ? ", OnBadRow" : "")});");
        }
    }

    // The reader of a row with event time looks at that, too: it alone can show the text of the row.
    private string Reader(SourceNode source, string format) => source.Time == null
        ? names.Pipeline.Reader(source)
        : $"global::Penstock.Formats.Timed{(format == "JsonLines" ? "Json" : format)}Reader<{source.Row!.Name}, {names.Pipeline.Reader(source)}, {names.Pipeline.Time(source)}>";

    private void EmitTime(SourceNode source)
    {
        if (source.Time is not { } time)
        {
            code.Line("global::Penstock.Time.EventTimeSettings.None,");
            return;
        }

        var grids = task.Noticed.Select(static window =>
            $"new global::Penstock.Time.WatermarkGrid(SizeMicros: {CSharp.Literal(window.Size)}, OffsetMicros: {CSharp.Literal(window.Offset)}, LatenessMicros: {CSharp.Literal(window.Lateness)})").ToList();
        code.Line("new global::Penstock.Time.EventTimeSettings(");
        using (code.Indent())
        {
            code.Line($"MaxDelayMicros: {CSharp.Literal(time.MaxDelay)}, IdleMicros: {CSharp.Literal(time.Idle)},");
            code.Line($"Noticed: [{string.Join(", ", grids)}]),");
        }
    }

    private static string FormatOf(FileSourceModel file) => file.Format == FileRowFormat.Csv ? "Csv" : "JsonLines";

    private static string Arguments(FileSourceModel file) =>
        $"{CSharp.Literal(file.Path)}, splitSize: {CSharp.Literal(file.SplitSize)}"
        + (file.Format == FileRowFormat.Csv ? $", delimiter: {CSharp.Literal(file.Delimiter)}" : "")
        + (file.MultiLine ? "" : ", multiLine: false")
        + (file.Poll is { } poll ? $", pollMicros: {CSharp.Literal(poll)}" : "");
}
