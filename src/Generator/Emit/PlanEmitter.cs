using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the plan of a pipeline as data.</summary>
internal static class PlanEmitter
{
    public static void Emit(CodeWriter code, PipelineModel model, PipelineNames names)
    {
        var plan = model.Plan;
        var options = MoreOf(model).ToList();
        code.Line("/// <summary>The plan of the pipeline, as data.</summary>");
        code.Line($"public static {CSharp.Penstock}PipelinePlan Plan {{ get; }} = new(");
        using (code.Indent())
        {
            code.Line($"{CSharp.Literal(model.Name)},");
            code.Line("[");
            using (code.Indent())
            {
                foreach (var node in plan.Logical.InputsFirst())
                {
                    code.Line($"new({string.Join(", ", Describe(node))}){More(node)},");
                }
            }

            code.Line("],");
            code.Line("[");
            using (code.Indent())
            {
                foreach (var task in plan.Tasks)
                {
                    var ids = task.Stages().Select(static stage => CSharp.Literal(stage.Node.Id));
                    var inputs =
                        task.Inputs.Select(edge =>
                            $"new({CSharp.Literal(edge.From)}, Input: {edge.Input}, {CSharp.Penstock}Partitioning.{edge.Partitioning}){MoreOf(edge, names)}");
                    var more = MoreOf(task).ToList();
                    var properties = more.Count == 0 ? "" : $" {{ {string.Join(", ", more)} }}";
                    code.Line($"new({CSharp.Literal(task.Id)}, [{string.Join(", ", inputs)}], [{string.Join(", ", ids)}]){properties},");
                }
            }

            code.Line(options.Count == 0 ? "]);" : "])");
        }

        if (options.Count > 0)
        {
            code.Line("{");
            using (code.Indent())
            {
                foreach (var option in options)
                {
                    code.Line(option + ",");
                }
            }

            code.Line("};");
        }
    }

    private static IEnumerable<string> MoreOf(PhysicalTask task)
    {
        if (task.Head.Node.Parallelism is { } subtasks)
        {
            yield return $"Parallelism = {CSharp.Literal(subtasks)}";
        }

        if (task.Head is { Kind: StageKind.Operator, Node: OperatorNode { Kind.IsAsync: true } })
        {
            yield return "IsAsync = true";
        }
    }

    private static string MoreOf(TaskEdge edge, PipelineNames names)
    {
        var more = new List<string>();
        if (edge.IsPreferred)
        {
            more.Add("IsPreferred = true");
        }

        if (edge.Rows is { } rows)
        {
            more.Add($"Codec = {CSharp.Penstock}Streams.BatchCodec.Of<{rows.Type}, {names.RowCodec(rows)}>()");
        }

        return more.Count == 0 ? "" : $" {{ {string.Join(", ", more)} }}";
    }

    private static IEnumerable<string> MoreOf(PipelineModel model)
    {
        if (model.RemovedState.Count > 0)
        {
            yield return $"RemovedState = [{string.Join(", ", model.RemovedState.Select(CSharp.Literal))}]";
        }

        if (model.Parallelism is { } parallelism)
        {
            yield return $"Parallelism = {CSharp.Literal(parallelism)}";
        }

        if (model.MaxDrift is { } drift)
        {
            yield return $"MaxDrift = global::System.TimeSpan.FromMicroseconds({CSharp.Literal(drift)})";
        }
    }

    private static IEnumerable<string> Describe(LogicalNode node)
    {
        yield return CSharp.Literal(node.Id);
        yield return $"{CSharp.Penstock}PlanNodeKind." + node switch
        {
            SourceNode => "Source",
            SinkNode => "Sink",
            SideOutputNode => "SideOutput",
            OperatorNode => "Operator",
            _ => throw new InvalidOperationException($"A node of this kind has no kind at run time: {node.GetType().Name}."),
        };
        yield return CSharp.Literal(TaskDescription.Label(node));
        yield return $"[{string.Join(", ", node.Inputs.Select(CSharp.Literal))}]";
        yield return CSharp.Literal(node.Row!.ShortName);
        if (node is OperatorNode { Key.IsNone: false } keyed)
        {
            yield return $"Key: {CSharp.Literal(TaskDescription.Key(keyed))}";
        }

        if (node is not SinkNode && node.Time is { } time)
        {
            var delay = time.Watermark is { } own ? $"watermarks by {own.Method}"
                : time.MaxDelay == 0 ? "in order" : $"out of order by up to {Durations.Format(time.MaxDelay)}";
            yield return $"Time: {CSharp.Literal($"{time.Member}, {delay}")}";
        }
    }

    private static string More(LogicalNode node)
    {
        var more = MoreOf(node).ToList();
        return more.Count == 0 ? "" : $" {{ {string.Join(", ", more)} }}";
    }

    private static IEnumerable<string> MoreOf(LogicalNode node)
    {
        if (node.Changelog.IsUpsert)
        {
            yield return $"Changelog = new({CSharp.Penstock}ChangelogMode.Upsert, [{string.Join(", ", node.Changelog.KeyMembers.Select(CSharp.Literal))}])";
        }

        if (node is SourceNode { Connector: MessageSourceModel } or SinkNode { Connector: MessageSinkModel })
        {
            yield return "HasOwnOptions = true";
        }

        var files = node switch
        {
            SourceNode { Connector: FileSourceModel source } => (source.Path, source.Format),
            SinkNode { Connector: FileSinkModel sink } => (sink.Path, sink.Format),
            _ => ((string, FileRowFormat)?)null,
        };
        if (files is var (path, format))
        {
            yield return $"Files = new({CSharp.Literal(path)}, {CSharp.Penstock}FileFormat.{format})";
        }
    }
}
