using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the class of one task: its fields, their initialization, and the loop.</summary>
internal sealed class TaskEmitter(CodeWriter code, PhysicalTask task, PipelineNames pipeline)
{
    /// <summary>The head of a block that catches what code of the user throws.</summary>
    public const string Guard = "catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)";

    private readonly TaskNames _names = new(pipeline, task);
    private readonly List<Stage> _stages = [.. task.Head.WorkingStages()];

    // Operators with code of the user, which may throw: classes, and members of rows that are computed.
    private IEnumerable<OperatorNode> Operators => _stages.Where(CallsOperator).Select(static stage => (OperatorNode)stage.Node);

    private bool HasOperators => Operators.Any();

    // The loop has a try block only if it calls code of the user. Rows of the side outputs of a source take another way.
    private bool LoopCallsOperators => task.Head.Kind == StageKind.Source ? CallOperators(task.Head.Next)
        : Head is { CallsInLoop: false } head ? CallOperators(head.InLoop(task.Head))
        : HasOperators;

    private OperatorNode? Keyed => task.Head.Node is OperatorNode { Key.IsNone: false } keyed ? keyed : null;

    private HeadEmitter? Head => task.Head.Node is OperatorNode node ? KindEmitters.Of(node.Kind) as HeadEmitter : null;

    // The rows of several inputs have different types, so each input has its own loop.
    private bool HasSeveralLoops => task.Head.Node is OperatorNode { Operator.HasSeveralInputs: true };

    public void Emit()
    {
        var name = pipeline.Task(task);
        code.Line($"/// <summary>{CSharp.Comment(TaskDescription.Of(task))}</summary>");
        var bases = HasSeveralLoops ? "MultipleInputSubtask" : $"Subtask<{RowOf(input: 0).Name}>";
        using (code.Braces($"private sealed class {name} : {CSharp.Tasks}{bases}"))
        {
            EmitFields();
            code.Line();
            using (code.Braces($"public {name}({CSharp.Tasks}TaskContext context) : base(context)"))
            {
                new WiringEmitter(code, task, _names).Emit();
            }

            foreach (var member in Head?.Overrides ?? [])
            {
                code.Line();
                code.Line(member);
            }

            code.Line();
            if (HasSeveralLoops)
            {
                EmitProcessOfInputs();
            }
            else
            {
                EmitProcess("protected override void Process", input: 0);
            }

            Head?.EmitMethods(task.Head, code, _names);
            EmitMethods();
        }
    }

    private void EmitFields()
    {
        if (HasOperators)
        {
            code.Line($"private static readonly {CSharp.Tasks}OperatorRef[] Operators =");
            code.Line("[");
            using (code.Indent())
            {
                foreach (var node in Operators)
                {
                    var type = node.Operator?.Type.FullName.Replace("@", "") ?? node.Kind.Name;
                    code.Line($"new({CSharp.Literal(node.Id)}, {CSharp.Literal(type)}),");
                }
            }

            code.Line("];");
            code.Line();
        }

        foreach (var stage in _stages)
        {
            foreach (var (type, name) in WiringEmitter.FieldsOf(stage, _names))
            {
                code.Line($"private readonly {type} {name};");
            }
        }
    }

    private TypeRef RowOf(int input) => task.Head.Node is OperatorNode node
        ? Head?.LoopRowOf(node, input) ?? node.Kind.RowOf(node, input)
        : task.Head.Node.Row!;

    private void EmitProcessOfInputs()
    {
        var head = task.Head.Node;
        using (code.Braces("protected override void Process(int input, global::Penstock.Connectors.Batch batch, int from, int to)"))
        {
            using (code.Braces("switch (input)"))
            {
                for (var input = 0; input < head.Inputs.Count; input++)
                {
                    code.Line($"case {input}:");
                    using (code.Indent())
                    {
                        code.Line(
                            $"{_names.Process(head, input)}((global::Penstock.Connectors.Batch<{RowOf(input).Name}>)batch, from, to);");
                        code.Line("break;");
                    }
                }

                code.Line("default:");
                using (code.Indent())
                {
                    code.Line("throw new global::System.ArgumentOutOfRangeException(nameof(input));");
                }
            }
        }

        for (var input = 0; input < head.Inputs.Count; input++)
        {
            code.Line();
            code.Line($"/// <summary>Processes rows of {CSharp.Comment(head.Inputs[input])}.</summary>");
            EmitProcess($"private void {_names.Process(head, input)}", input);
        }
    }

    private void EmitProcess(string method, int input)
    {
        var head = task.Head;
        var locals = NewLocals(
            "batch", "from", "to", "rows", "times", "at", "i", "error", "splitWatermark", "window", "slice", "key", "secret", "hash",
            "state", "keyState", "selection", "keysBefore", "late", "isNew", "kept", "deleted", "kind");
        var stages = new StageEmitter(code, _names, locals);
        using (code.Braces($"{method}(global::Penstock.Connectors.Batch<{RowOf(input).Name}> batch, int from, int to)"))
        {
            code.Line("var rows = global::System.MemoryExtensions.AsSpan(batch.Rows, from, to - from);");
            var place = code.Place;
            foreach (var variable in Head?.BatchVariables ?? [])
            {
                code.Line(variable);
            }

            if (LoopCallsOperators)
            {
                EmitGuardedLoop(head, input, stages);
            }
            else
            {
                EmitLoop(head, input, stages);
            }

            code.DeclareAt(place, "times[i]", "var times = global::System.MemoryExtensions.AsSpan(batch.Times, from, to - from);");
        }
    }

    private void EmitGuardedLoop(Stage head, int input, StageEmitter stages)
    {
        code.Line("var at = 0;");
        using (code.Braces("try"))
        {
            EmitLoop(head, input, stages);
        }

        using (code.Braces(Guard))
        {
            var key = Keyed == null
                ? ""
                : $", static row => {pipeline.Key(Keyed)}.{KeyEmitter.MethodOf(Keyed, input)}(in row).ToString()";
            code.Line($"throw Failed(error, batch, from + at, Operators{key});");
        }
    }

    private void EmitLoop(Stage head, int input, StageEmitter stages)
    {
        var start = code.Place;
        stages.Hoist(head);
        if (head.Node is OperatorNode node && Head?.SecretHolderOf(node, _names) is { } holder)
        {
            code.Line($"var secret = {stages.LocalFor(holder)}.Secret;");
        }

        var commits = StageEmitter.ForwardsRows(head) ? stages.Reserve(head) : [];
        if (code.Place > start)
        {
            code.Line();
        }

        EmitRowLoop(head, input, stages);
        if (commits.Count > 0)
        {
            code.Line();
        }

        foreach (var commit in commits)
        {
            code.Line(commit);
        }
    }

    private void EmitRowLoop(Stage head, int input, StageEmitter stages)
    {
        var selects = StageEmitter.FirstFilter(head);
        if (selects != null)
        {
            stages.EmitSelection(selects);
        }

        using (code.Braces(selects == null ? "for (var i = 0; i < rows.Length; i++)" : "foreach (var i in selection.Indices)"))
        {
            if (LoopCallsOperators)
            {
                code.Line("at = i;");
            }

            var stream = StageEmitter.ForwardsRows(head) && head.Kind != StageKind.Input ? head.Node.Name : "row";
            var local = stages.Local(RowOf(input), stream, "input");
            code.Line($"ref readonly var {local} = ref rows[i];");
            var row = new RowVariable(local, "times[i]", null) { Input = input };
            if (Head == null)
            {
                stages.EmitAll((selects ?? head).Next, row);
                stages.EndRow(_stages);
            }
            else
            {
                Head.EmitRow(selects ?? head, row, stages);
            }
        }
    }

    private void EmitMethods()
    {
        foreach (var stage in _stages.Where(StageEmitter.HasMethod))
        {
            var locals = NewLocals("row", "time", "kind");
            var upsert = stage.Node.Changelog.IsUpsert;
            code.Line();
            code.Line($"/// <summary>Emits a row to all consumers of {CSharp.Comment(stage.Node.Name)}.</summary>");
            code.Line(CSharp.Inline);
            var more = (StageEmitter.ForwardsTime(stage) ? ", long time" : "") + (upsert ? ", global::Penstock.RowKind kind" : "");
            using (code.Braces($"private void {_names.Emit(stage.Node)}(in {stage.Node.Row!.Name} row{more})"))
            {
                new StageEmitter(code, _names, locals).EmitAll(stage.Next, new RowVariable("row", "time", upsert ? "kind" : null));
            }
        }

        foreach (var exchange in _stages.Where(SendsByComputedKey))
        {
            var node = (OperatorNode)exchange.Node;
            code.Line();
            code.Line(
                $"/// <summary>Reads the key by which a row is sent to {CSharp.Comment(node.Name)}: it is computed, and may throw.</summary>");
            using (code.Braces($"private ulong {_names.Hash(exchange)}(in {node.Kind.RowOf(node, exchange.Input).Name} row)"))
            {
                using (code.Braces("try"))
                {
                    code.Line($"return {ExchangeEmitter.HashOf(exchange, node, "row", _names)};");
                }

                using (code.Braces(Guard))
                {
                    code.Line($"throw {_names.Exchange(exchange)}.KeyFailed(error);");
                }
            }
        }

        EmitBadRows();
        EmitUntimed();
    }

    /// <summary>The side output stages of a source with a certain output.</summary>
    public static IEnumerable<Stage> AsideOf(Stage head, string output) => head.Kind == StageKind.Source
        ? head.SideOutputs.Where(aside => ((SideOutputNode)aside.Node).Output == output)
        : [];

    private void EmitBadRows()
    {
        var streams = AsideOf(task.Head, SideOutputs.BadRows).ToList();
        if (streams.Count > 0)
        {
            var locals = NewLocals("row");
            code.Line();
            code.Line("/// <summary>Emits a row that could not be read.</summary>");
            using (code.Braces("private void OnBadRow(global::Penstock.BadRow row)"))
            {
                foreach (var aside in streams)
                {
                    new StageEmitter(code, _names, locals).EmitAll(aside.Next, new RowVariable("row", "0", null));
                }
            }
        }
    }

    // Called once for the untimed rows of a batch, so that no row needs a call through a delegate.
    private void EmitUntimed()
    {
        var streams = AsideOf(task.Head, SideOutputs.Untimed).ToList();
        if (streams.Count > 0)
        {
            var stages = new StageEmitter(code, _names, NewLocals("row", "batch", "i", "error"));
            var throws = streams.SelectMany(static aside => aside.WorkingStages())
                .Any(CallsOperator);
            code.Line();
            code.Line("/// <summary>Emits the rows of a batch that have no event time.</summary>");
            using (code.Braces($"private void OnUntimed(global::Penstock.Connectors.Batch<{RowOf(input: 0).Name}> batch)"))
            {
                stages.DeclareOutputs(streams.SelectMany(static aside => aside.Next));
                using (code.Braces("for (var i = 0; i < batch.Count; i++)"))
                {
                    code.Line("ref readonly var row = ref batch.Rows[i];");
                    if (!throws)
                    {
                        EmitRow();
                        return;
                    }

                    using (code.Braces("try"))
                    {
                        EmitRow();
                    }

                    using (code.Braces(Guard))
                    {
                        code.Line("throw Failed(error, batch, i, Operators);");
                    }
                }
            }

            void EmitRow()
            {
                foreach (var aside in streams)
                {
                    stages.EmitAll(aside.Next, new RowVariable("row", "0", null));
                }
            }
        }
    }

    /// <summary>Whether a stage calls code of the user.</summary>
    public static bool CallsOperator(Stage stage) =>
        stage is { Kind: StageKind.Operator, Node: OperatorNode node }
        && (node.Operator != null || node.Key is { IsComputed: true } || node.Order is { IsComputed: true });

    /// <summary>Whether a stage sends rows by a key whose reading runs code of the user.</summary>
    public static bool SendsByComputedKey(Stage stage) =>
        stage is { Kind: StageKind.Exchange, Node: OperatorNode { Key: not null } target } && target.KeyOf(stage.Input).IsComputed;

    private static bool CallOperators(IEnumerable<Stage> stages) =>
        stages.SelectMany(static stage => stage.WorkingStages()).Any(CallsOperator);

    private static Names NewLocals(params string[] taken) => new(taken);
}
