using Penstock.Generator.Emit.Values;
using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The data for the generated part of a pipeline, without symbols.</summary>
/// <param name="Class">The class that is extended.</param>
/// <param name="Name">The name of the pipeline.</param>
/// <param name="Handles">The stream properties.</param>
/// <param name="TakenNames">The names that generated members must not have.</param>
/// <param name="RemovedState">The ids of removed operators and sources, whose saved state is dropped.</param>
/// <param name="Plan">The tasks of the pipeline.</param>
/// <param name="Tested">The tasks for a test that reads every stream; null if all streams have sinks.</param>
internal sealed record PipelineModel(
    ClassDeclaration Class,
    string Name,
    EquatableArray<StreamHandle> Handles,
    EquatableArray<string> TakenNames,
    EquatableArray<string> RemovedState,
    PhysicalPlan Plan,
    TestedPlan? Tested)
{
    /// <summary>The number of subtasks of each task; null if not set.</summary>
    public int? Parallelism { get; init; }

    /// <summary>How far its sources may be ahead of each other in event time, in microseconds; null if not set.</summary>
    public long? MaxDrift { get; init; }

    /// <summary>The names that its files declare.</summary>
    public PipelineNames Names { get; } = PipelineNames.Of(
        [.. TakenNames, .. Handles.Select(static handle => handle.Property), Class.Name, "Plan", "CreateTask"],
        Plan,
        Tested);
}

/// <summary>A stream property: its body returns a handle.</summary>
internal sealed record StreamHandle(string Property, EquatableArray<string> Accessibility, TypeName DeclaredType, string Id);

/// <summary>
/// Emits pipelines: a file with the plan, one for each task, one with keys and event times, and one with the tasks that replace some of
/// them in tests that read every stream. <see cref="CodecFiles"/> emits the other files.
/// </summary>
internal static class PipelineEmitter
{
    /// <summary>The streams, the plan, and the creation of tasks.</summary>
    public static string EmitPlan(PipelineModel model)
    {
        var names = model.Names;
        var code = new CodeWriter();
        CSharp.Header(code, $"pipeline {model.Name}");
        using (DeclaredClass.Open(code, model.Class, $" : {CSharp.Penstock}IPipeline"))
        {
            foreach (var handle in model.Handles)
            {
                code.Line(
                    $"{PropertyCode.Modifiers(handle.Accessibility)}partial {handle.DeclaredType} {Identifier.Escape(handle.Property)} => new({CSharp.Literal(handle.Id)});");
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

    /// <summary>The tasks, in the order of their indices.</summary>
    public static IEnumerable<string> EmitTasks(PipelineModel model)
    {
        var names = model.Names;
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

    /// <summary>The keys and event times of the rows; null if there are none.</summary>
    public static string? EmitKeys(PipelineModel model)
    {
        var names = model.Names;
        var heads = model.Plan.Tasks
            .Select(static task => task.Head.Node)
            .Where(static node => node is SourceNode { Time.IsIngestion: false } or OperatorNode { Key: not null }).ToList();
        if (heads.Count == 0)
        {
            return null;
        }

        var code = new CodeWriter();
        CSharp.Header(code, $"the keys and event times of pipeline {model.Name}");
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            code.Separated(heads.Select(node => (Action)(() => EmitKeyOrTime(code, node, model))));
        }

        return code.ToString();
    }

    /// <summary>
    /// The tasks that replace those of production in tests that read every stream; null if all streams have sinks. Tasks that do not differ
    /// are not replaced.
    /// </summary>
    public static string? EmitTestTasks(PipelineModel model)
    {
        if (model.Tested is not { } tested)
        {
            return null;
        }

        var names = model.Names.ForTests(tested);
        var code = new CodeWriter();
        CSharp.Header(code, $"pipeline {model.Name} for tests that read streams without a sink; production does not run it");
        using (DeclaredClass.Open(code, model.Class, ""))
        {
            var tasks = tested.Plan.Tasks.Select(task => (tested.Tasks.Contains(task) ? names : model.Names).Task(task));
            EmitCreateTask(code, "CreateTestTask", tasks);
            foreach (var task in tested.Tasks)
            {
                code.Line();
                new TaskEmitter(code, task, names).Emit();
            }

            foreach (var source in tested.Readers)
            {
                code.Line();
                CodecFiles.EmitReader(code, source, names);
            }
        }

        return code.ToString();
    }

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

    private static void EmitKeyOrTime(CodeWriter code, LogicalNode node, PipelineModel model)
    {
        var names = model.Names;
        if (node is SourceNode { Time: { IsIngestion: false } time } source)
        {
            code.Line($"/// <summary>The event time of {CSharp.Comment(source.Name)}.</summary>");
            using (code.Braces($"private readonly struct {names.Time(source)} : global::Penstock.Time.IEventTime<{source.Row!.Name}>"))
            {
                code.Line($"public static string Column => {CSharp.Literal(ColumnOf(source, time.Member))};");
                code.Line();
                if (time.OnNull != null)
                {
                    code.Line("public static bool IsNullable => true;");
                    code.Line();
                }

                if (time.Watermark != null)
                {
                    code.Line("public static bool HasWatermarks => true;");
                    code.Line();
                }

                code.Line(CSharp.Inline);
                var arguments = $"row.{Identifier.Escape(time.Member)}{(time.Unit == null ? "" : $", {CSharp.TimeUnit}{time.Unit}")}";
                var from = time.OnNull == null ? "From" : "FromNullable";
                code.Line($"public static long Of(in {source.Row.Name} row) => global::Penstock.EventTimes.{from}({arguments});");
                if (time.Watermark is { } watermark)
                {
                    code.Line();
                    code.Line(CSharp.Inline);
                    using (code.Braces($"public static long WatermarkOf(in {source.Row.Name} row, long time)"))
                    {
                        var method = $"{model.Class.Type}.{Identifier.Escape(watermark.Method)}";
                        code.Line($"var watermark = {method}(in row, global::Penstock.EventTimes.ToDateTimeOffset(time));");
                        code.Line(
                            "return watermark == null ? global::Penstock.Time.Watermarks.None : global::Penstock.EventTimes.From(watermark.Value);");
                    }
                }
            }
        }
        else if (node is OperatorNode { Key: not null } keyed)
        {
            if (!keyed.Key.IsNone)
            {
                KeyEmitter.Emit(code, keyed, names.Key(keyed));
            }

            if (KindEmitters.Of(keyed.Kind) is IOwnStateEmitter emitter)
            {
                if (!keyed.Key.IsNone)
                {
                    code.Line();
                }

                emitter.EmitState(code, keyed, names);
            }
        }
    }

    private static string ColumnOf(SourceNode source, string member) =>
        source.Connector is ReadSourceModel { Rows.Columns: var columns }
            && columns.FirstOrDefault(column => column.Member == member) is { } column
            ? column.Metadata ?? column.Name
            : member;
}
