using Penstock.Generator.Declarations;
using Penstock.Generator.Emit.Codecs;
using Penstock.Generator.Emit.Values;
using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>What the generated part of a pipeline is made of, symbol-free.</summary>
/// <param name="Class">The class that is extended.</param>
/// <param name="Name">The name of the pipeline.</param>
/// <param name="Handles">The stream properties.</param>
/// <param name="TakenNames">Names that generated members must not have.</param>
/// <param name="RemovedState">The ids of what it had once, and whose saved state is dropped.</param>
/// <param name="Plan">How it runs.</param>
/// <param name="Tested">How it runs in a test that reads every stream; null where all streams have sinks.</param>
internal sealed record PipelineModel(
    ClassDeclaration Class,
    string Name,
    EquatableArray<StreamHandle> Handles,
    EquatableArray<string> TakenNames,
    EquatableArray<string> RemovedState,
    PhysicalPlan Plan,
    PhysicalPlan? Tested)
{
    /// <summary>How many subtasks each task has; null where it does not say.</summary>
    public int? Parallelism { get; init; }

    /// <summary>How far its sources may be ahead of each other, in microseconds; null where it does not say.</summary>
    public long? MaxDrift { get; init; }
}

/// <summary>A stream property: its body returns a handle.</summary>
internal sealed record StreamHandle(string Property, string Modifiers, string DeclaredType, string Id);

/// <summary>Emits pipelines: one file with the tasks, one with the formats of files and messages, one with the rows that go from task to task, and one with the tasks of tests that read every stream.</summary>
internal static class PipelineEmitter
{
    public static string EmitTasks(PipelineModel model)
    {
        var names = NamesOf(model);
        var code = new CodeWriter();
        CSharp.Header(code, $"pipeline {model.Name}");
        using (DeclaredClass.Open(code, model.Class, $" : {CSharp.Tasks}IPipeline"))
        {
            foreach (var handle in model.Handles)
            {
                code.Line($"{handle.Modifiers}partial {handle.DeclaredType} {Names.Escape(handle.Property)} => new({CSharp.Literal(handle.Id)});");
            }

            code.Line();
            PlanEmitter.Emit(code, model, names);
            code.Line();
            EmitCreateTask(code, "CreateTask", model.Plan, names);
            if (model.Tested == null)
            {
                code.Line();
                EmitCreateTask(code, "CreateTestTask", model.Plan, names);
            }

            foreach (var task in model.Plan.Tasks)
            {
                new TaskEmitter(code, task, names).Emit();
            }

            foreach (var task in model.Plan.Tasks)
            {
                EmitHelpers(code, task, names);
            }
        }

        return code.ToString();
    }

    /// <summary>The tasks as tests run them that read every stream, or null where all streams have sinks: then they are those of production.</summary>
    public static string? EmitTestTasks(PipelineModel model)
    {
        if (model.Tested is not { } tested)
        {
            return null;
        }

        // Where production leaves out a column that nothing reads, a test reads it.
        var readers = tested.Logical.Nodes.OfType<SourceNode>().Where(source => !source.Connector.Equals(((SourceNode)model.Plan.Logical.Find(source.Id)!).Connector)).ToList();
        var names = NamesOf(model).ForTests([.. readers.Select(static source => source.Id)]);
        var code = new CodeWriter();
        CSharp.Header(code, $"pipeline {model.Name} for tests that read streams without a sink; production does not run it");
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            EmitCreateTask(code, "CreateTestTask", tested, names);
            foreach (var task in tested.Tasks)
            {
                new TaskEmitter(code, task, names).Emit();
            }

            foreach (var source in readers)
            {
                code.Line();
                EmitCodec(code, source, CodecOf(source, names)!, names, []);
            }
        }

        return code.ToString();
    }

    /// <summary>The readers and writers of files, messages and columns, or null when the pipeline has none.</summary>
    public static string? EmitCodecs(PipelineModel model)
    {
        var names = NamesOf(model);
        var written = new HashSet<string>();
        var code = new CodeWriter();
        CSharp.Header(code, $"the file formats of pipeline {model.Name}");
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

                    EmitCodec(code, node, codec, names, written);
                }
            }
        }

        return written.Count == 0 ? null : code.ToString();
    }

    /// <summary>The codecs of the rows that go from task to task, as they are written where that is to another process; or null when there are none.</summary>
    public static string? EmitRowCodecs(PipelineModel model)
    {
        var rows = RowsBetweenTasks(model).ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        var names = NamesOf(model);
        var code = new CodeWriter();
        CSharp.Header(code, $"the rows of pipeline {model.Name} that go from task to task");
        code.Line("// What may be null is for the user's own code to tell: here it is written and read as it is.");
        code.Line("#nullable disable");
        code.Line();
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            for (var index = 0; index < rows.Count; index++)
            {
                if (index > 0)
                {
                    code.Line();
                }

                RowCodecEmitter.Emit(code, rows[index], names.RowCodec(rows[index]));
            }
        }

        return code.ToString();
    }

    private static string? CodecOf(LogicalNode node, PipelineNames names) => node switch
    {
        SourceNode { Connector: ReadSourceModel } source => names.Reader(source),
        SourceNode { Connector: CustomConnectorModel { Rows: not null } } source => names.Columns(source),
        SinkNode { Connector: CustomConnectorModel { Rows: not null } custom } => names.Columns(custom),
        SinkNode { Connector: FileSinkModel file } sink => names.Writer(sink, file),
        SinkNode { Connector: MessageSinkModel } sink => names.MessageWriter(sink),
        _ => null,
    };

    private static void EmitCodec(CodeWriter code, LogicalNode node, string name, PipelineNames names, HashSet<string> written)
    {
        switch (node)
        {
            case SourceNode { Connector: FileSourceModel { Format: FileRowFormat.Csv } file }:
                CsvCodecEmitter.EmitReader(code, file.Rows, name);
                break;
            case SourceNode { Connector: FileSourceModel file }:
                JsonCodecEmitter.EmitReader(code, file.Rows, name);
                break;
            case SinkNode { Connector: FileSinkModel { Format: FileRowFormat.Csv } file } sink:
                CsvCodecEmitter.EmitWriter(code, file.Rows, name, ChangeForm.Of(sink));
                break;
            case SinkNode { Connector: FileSinkModel file } sink:
                JsonCodecEmitter.EmitWriter(code, file.Rows, name, ChangeForm.Of(sink));
                break;
            case SourceNode { Connector: MessageSourceModel messages } source:
                MessageCodecEmitter.EmitReader(code, messages, name, names.ValueReader(source));
                break;
            case SinkNode { Connector: MessageSinkModel messages } sink:
                EmitValueWriter(code, messages, ChangeForm.Of(sink), names.ValueWriter(sink, messages), written);
                MessageCodecEmitter.EmitWriter(code, messages, name, names.ValueWriter(sink, messages));
                break;
            case SourceNode { Connector: CustomConnectorModel { Rows: { } rows } custom }:
                new ColumnCodecEmitter(code, rows, name).EmitReader(custom.HasColumns);
                break;
            case SinkNode { Connector: CustomConnectorModel { Rows: { } rows } custom }:
                new ColumnCodecEmitter(code, rows, name).EmitWriter(custom.HasColumns);
                break;
        }
    }

    private static void EmitValueWriter(CodeWriter code, MessageSinkModel messages, ChangeForm form, string name, HashSet<string> written)
    {
        if (messages.Format is not (MessageRowFormat.Json or MessageRowFormat.Csv) || !written.Add(name))
        {
            return;
        }

        if (messages.Format == MessageRowFormat.Csv)
        {
            CsvCodecEmitter.EmitWriter(code, messages.Rows, name, form);
        }
        else
        {
            JsonCodecEmitter.EmitWriter(code, messages.Rows, name, form);
        }

        code.Line();
    }

    private static void EmitCreateTask(CodeWriter code, string method, PhysicalPlan plan, PipelineNames names)
    {
        code.Line($"static {CSharp.Tasks}Subtask {CSharp.Tasks}IPipeline.{method}(int task, {CSharp.Tasks}TaskContext context) => task switch");
        code.Line("{");
        using (code.Indent())
        {
            foreach (var task in plan.Tasks)
            {
                code.Line($"{task.Index} => new {names.Task(task)}(context),");
            }

            code.Line("_ => throw new global::System.ArgumentOutOfRangeException(nameof(task)),");
        }

        code.Line("};");
    }

    private static void EmitHelpers(CodeWriter code, PhysicalTask task, PipelineNames names)
    {
        if (task.Head.Node is SourceNode { Time: { } time } source)
        {
            code.Line();
            code.Line($"/// <summary>The event time of {CSharp.Comment(source.Name)}.</summary>");
            using (code.Braces($"private readonly struct {names.Time(source)} : global::Penstock.Time.IEventTime<{source.Row!.Name}>"))
            {
                code.Line(CSharp.Inline);
                code.Line($"public static long Of(in {source.Row.Name} row) => global::Penstock.Time.EventTimes.From(row.{Names.Escape(time.Member)}{(time.Unit == null ? "" : $", {CSharp.TimeUnit}{time.Unit}")});");
                code.Line();
                code.Line($"public static string Column => {CSharp.Literal(ColumnOf(source, time.Member))};");
            }
        }
        else if (task.Head.Node is OperatorNode { Key: not null } keyed)
        {
            KeyEmitter.Emit(code, keyed, names.Key(keyed));
        }
    }

    private static string ColumnOf(SourceNode source, string member) =>
        source.Connector is ReadSourceModel { Rows.Columns: var columns } && columns.FirstOrDefault(column => column.Member == member) is { } column ? column.Metadata ?? column.Name : member;

    // Both files ask for names in the order of the plan, so that they agree.
    private static PipelineNames NamesOf(PipelineModel model)
    {
        var names = new PipelineNames(model.TakenNames.Concat(model.Handles.Select(static handle => handle.Property)).Concat([model.Class.Name, "Plan", "CreateTask"]).Concat(NamesOfConnectors(model.Plan.Logical)));
        foreach (var task in model.Plan.Tasks)
        {
            names.Task(task);
        }

        foreach (var node in model.Plan.Logical.Nodes)
        {
            switch (node)
            {
                case SourceNode source:
                    names.Time(source);
                    names.Reader(source);
                    if (source.Connector is MessageSourceModel)
                    {
                        names.ValueReader(source);
                    }
                    else if (source.Connector is CustomConnectorModel { Rows: not null })
                    {
                        names.Columns(source);
                    }

                    break;
                case OperatorNode { Key: not null }:
                    names.Key(node);
                    break;
                case SinkNode { Connector: FileSinkModel file } sink:
                    names.Writer(sink, file);
                    break;
                case SinkNode { Connector: CustomConnectorModel { Rows: not null } custom }:
                    names.Columns(custom);
                    break;
                case SinkNode { Connector: MessageSinkModel messages } sink:
                    names.ValueWriter(sink, messages);
                    names.MessageWriter(sink);
                    break;
            }
        }

        foreach (var rows in RowsBetweenTasks(model))
        {
            names.RowCodec(rows);
        }

        return names;
    }

    // In the class of the pipeline a generated type would hide one of the user's that has the same name, and that its attributes mean.
    private static IEnumerable<string> NamesOfConnectors(LogicalPlan plan) => plan.Nodes
        .Select(static node => ((node as SourceNode)?.Connector ?? (node as SinkNode)?.Connector) as CustomConnectorModel)
        .SelectMany(static custom => custom?.Type.Split('.', ':', '<', '>', ',', ' ') ?? []);

    private static IEnumerable<ValueModel> RowsBetweenTasks(PipelineModel model) => model.Plan.Tasks.SelectMany(static task => task.Inputs)
        .Select(static edge => edge.Rows).OfType<ValueModel>()
        .GroupBy(static rows => rows.Type).Select(static same => same.First());
}
