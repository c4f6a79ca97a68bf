using Penstock.Generator.Declarations;
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

/// <summary>
/// Emits pipelines: a file with the plan, one for each task, one with keys and event times, and one with what tests that read every stream
/// run in the place of some tasks. <see cref="CodecFiles"/> emits the others.
/// </summary>
internal static class PipelineEmitter
{
    /// <summary>The streams, the plan, and how tasks are created.</summary>
    public static string EmitPlan(PipelineModel model)
    {
        var names = NamesOf(model);
        var code = new CodeWriter();
        CSharp.Header(code, $"pipeline {model.Name}");
        using (DeclaredClass.Open(code, model.Class, $" : {CSharp.Penstock}IPipeline"))
        {
            foreach (var handle in model.Handles)
            {
                code.Line(
                    $"{handle.Modifiers}partial {handle.DeclaredType} {Names.Escape(handle.Property)} => new({CSharp.Literal(handle.Id)});");
            }

            code.Line();
            PlanEmitter.Emit(code, model, names);
            code.Line();
            EmitCreateTask(code, "CreateTask", model.Plan.Tasks.Select(names.Task));
            if (model.Tested == null)
            {
                code.Line();
                EmitCreateTask(code, "CreateTestTask", model.Plan.Tasks.Select(names.Task));
            }
        }

        return code.ToString();
    }

    /// <summary>The tasks, by their index.</summary>
    public static IEnumerable<string> EmitTasks(PipelineModel model)
    {
        var names = NamesOf(model);
        foreach (var task in model.Plan.Tasks)
        {
            var code = new CodeWriter();
            CSharp.Header(code, $"a task of pipeline {model.Name}");
            using (DeclaredClass.Open(code, model.Class, ""))
            {
                new TaskEmitter(code, task, names).Emit();
            }

            yield return code.ToString();
        }
    }

    /// <summary>The keys and event times of the rows, or null when there are none.</summary>
    public static string? EmitKeys(PipelineModel model)
    {
        var names = NamesOf(model);
        var heads = model.Plan.Tasks
            .Select(static task => task.Head.Node)
            .Where(static node => node is SourceNode { Time: not null } or OperatorNode { Key: not null }).ToList();
        if (heads.Count == 0)
        {
            return null;
        }

        var code = new CodeWriter();
        CSharp.Header(code, $"the keys and event times of pipeline {model.Name}");
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            code.Separated(heads.Select(node => (Action)(() => EmitKeyOrTime(code, node, names))));
        }

        return code.ToString();
    }

    /// <summary>
    /// The tasks that tests which read every stream run in the place of those of production; null where all streams have sinks, so that
    /// there are none. A task that differs in nothing is that of production.
    /// </summary>
    public static string? EmitTestTasks(PipelineModel model)
    {
        if (model.Tested is not { } tested)
        {
            return null;
        }

        // Where production leaves out a column that nothing reads, a test reads it.
        var readers = tested.Logical.Nodes.OfType<SourceNode>()
            .Where(source => !source.Connector.Equals(((SourceNode)model.Plan.Logical.Find(source.Id)!).Connector)).ToList();
        var production = NamesOf(model);
        var names = production.ForTests([.. readers.Select(static source => source.Id)]);
        var own = tested.Tasks.Where(task => !model.Plan.Tasks.Contains(task)).ToList();
        var code = new CodeWriter();
        CSharp.Header(code, $"pipeline {model.Name} for tests that read streams without a sink; production does not run it");
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            EmitCreateTask(code, "CreateTestTask", tested.Tasks.Select(task => (own.Contains(task) ? names : production).Task(task)));
            foreach (var task in own)
            {
                code.Line();
                new TaskEmitter(code, task, names).Emit();
            }

            foreach (var source in readers)
            {
                code.Line();
                CodecFiles.EmitReader(code, source, names);
            }
        }

        return code.ToString();
    }

    /// <summary>The names in the files of a pipeline: given in the order of the plan, so that all files agree.</summary>
    public static PipelineNames NamesOf(PipelineModel model)
    {
        var names = new PipelineNames(model.TakenNames.Concat(model.Handles.Select(static handle => handle.Property))
            .Concat([model.Class.Name, "Plan", "CreateTask"])
            .Concat(NamesOfConnectors(model.Plan.Logical)));
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

    /// <summary>The types of the rows that go from task to task, each once.</summary>
    public static IEnumerable<ValueModel> RowsBetweenTasks(PipelineModel model) => model.Plan.Tasks.SelectMany(static task => task.Inputs)
        .Select(static edge => edge.Rows).OfType<ValueModel>()
        .GroupBy(static rows => rows.Type).Select(static same => same.First());

    private static void EmitCreateTask(CodeWriter code, string method, IEnumerable<string> tasks)
    {
        var signature = $"{CSharp.Tasks}Subtask {CSharp.Penstock}IPipeline.{method}(int task, {CSharp.Tasks}TaskContext context)";
        code.Line($"static {signature} => task switch");
        code.Line("{");
        using (code.Indent())
        {
            var index = 0;
            foreach (var task in tasks)
            {
                code.Line($"{index++} => new {task}(context),");
            }

            code.Line("_ => throw new global::System.ArgumentOutOfRangeException(nameof(task)),");
        }

        code.Line("};");
    }

    private static void EmitKeyOrTime(CodeWriter code, LogicalNode node, PipelineNames names)
    {
        if (node is SourceNode { Time: { } time } source)
        {
            code.Line($"/// <summary>The event time of {CSharp.Comment(source.Name)}.</summary>");
            using (code.Braces($"private readonly struct {names.Time(source)} : global::Penstock.Time.IEventTime<{source.Row!.Name}>"))
            {
                code.Line(CSharp.Inline);
                var arguments = $"row.{Names.Escape(time.Member)}{(time.Unit == null ? "" : $", {CSharp.TimeUnit}{time.Unit}")}";
                code.Line($"public static long Of(in {source.Row.Name} row) => global::Penstock.EventTimes.From({arguments});");
                code.Line();
                code.Line($"public static string Column => {CSharp.Literal(ColumnOf(source, time.Member))};");
            }
        }
        else if (node is OperatorNode { Key: not null } keyed)
        {
            KeyEmitter.Emit(code, keyed, names.Key(keyed));
        }
    }

    private static string ColumnOf(SourceNode source, string member) =>
        source.Connector is ReadSourceModel { Rows.Columns: var columns }
            && columns.FirstOrDefault(column => column.Member == member) is { } column
            ? column.Metadata ?? column.Name
            : member;

    // In the class of the pipeline a generated type would hide one of the user's that has the same name, and that its attributes mean.
    private static IEnumerable<string> NamesOfConnectors(LogicalPlan plan) => plan.Nodes
        .Select(static node => ((node as SourceNode)?.Connector ?? (node as SinkNode)?.Connector) as CustomConnectorModel)
        .SelectMany(static custom => custom?.Type.Split('.', ':', '<', '>', ',', ' ') ?? []);
}
