using Penstock.Generator.Equality;
using Penstock.Generator.Fusion;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A row in a loop.</summary>
/// <param name="Name">The variable that contains it.</param>
/// <param name="Time">The expression of its event time.</param>
/// <param name="Kind">The expression of its row kind; null in an append stream.</param>
internal sealed record RowVariable(string Name, string Time, string? Kind)
{
    /// <summary>The input of the task from which the row came.</summary>
    public int Input { get; init; }
}

/// <summary>Emits the processing of a row after a stage: nested calls, without delegates and virtual calls.</summary>
internal sealed class StageEmitter(CodeWriter code, TaskNames names, Names locals)
{
    private readonly Dictionary<SinkNode, (string Rows, string Count)> _reserved = [];
    private readonly Dictionary<string, string> _hoisted = [];
    private readonly Dictionary<string, string> _outputs = [];

    public CodeWriter Code => code;

    public TaskNames Task => names;

    /// <summary>
    /// Reserves space in the sinks that get at most one row for each row of the loop. The loop then counts their rows in a register and
    /// needs no checks.
    /// </summary>
    /// <returns>The statements that end the loop.</returns>
    public IReadOnlyList<string> Reserve(Stage head)
    {
        var commits = new List<string>();
        foreach (var sink in OneToOne(head))
        {
            var rows = locals.Take(Identifier.Camel(TaskNames.SinkName(sink)) + "Room");
            var count = locals.Take(Identifier.Camel(TaskNames.SinkName(sink)) + "Count");
            _reserved.Add(sink, (rows, count));
            code.Line($"var {rows} = {names.Sink(sink)}.Reserve(rows.Length);");
            code.Line($"var {count} = 0;");
            commits.Add($"{names.Sink(sink)}.Commit({count});");
        }

        return commits;
    }

    /// <summary>
    /// Copies the operators that the loop calls, with their state and buffers, to variables, so that it does not load and check them for
    /// each row. Outputs are created once.
    /// </summary>
    public void Hoist(Stage head)
    {
        foreach (var node in CalledInline(head))
        {
            foreach (var (_, field) in KindEmitters.Of(node.Kind).FieldsOf(node, names))
            {
                var local = Identifier.Escape(locals.Take(Identifier.Camel(field)));
                code.Line($"var {local} = {field};");
                _hoisted.Add(field, local);
            }
        }

        DeclareOutputs([head]);
    }

    /// <summary>The variable for a field of the task in this loop; the field itself if there is none.</summary>
    public string LocalFor(string field) => _hoisted.TryGetValue(field, out var local) ? local : field;

    private static IEnumerable<OperatorNode> CalledInline(Stage head)
    {
        var own = head is { Kind: StageKind.Operator, Node: OperatorNode applied } ? [applied] : Enumerable.Empty<OperatorNode>();
        return own.Concat((head.Node is OperatorNode node ? KindEmitters.Of(node.Kind).InLoop(head) : head.Next).SelectMany(CalledInline));
    }

    private static IEnumerable<SinkNode> OneToOne(Stage stage) => stage.Next.SelectMany(static reader => reader.Node switch
    {
        SinkNode { Connector: not TapModel } sink => [sink],
        OperatorNode node when KindEmitters.Of(node.Kind) is InlineEmitter { MakesMany: false } && !HasMethod(reader) => OneToOne(reader),
        _ => Enumerable.Empty<SinkNode>(),
    });

    /// <summary>
    /// The filter that all rows of a source pass first, if any. It can be evaluated for all of them before the first one is passed on,
    /// unless the loop can stop after a row: the rest of the batch would run in another loop, which would evaluate the filter again.
    /// </summary>
    public static Stage? FirstFilter(Stage head) =>
        ForwardsRows(head)
        && !MayStop([.. head.WorkingStages()])
        && head.Next.Count == 1
        && EmitterOf(head.Next[0]) is ConditionEmitter
            ? head.Next[0]
            : null;

    /// <summary>Whether the rows of the batch are passed on unchanged, each exactly once.</summary>
    public static bool ForwardsRows(Stage head) =>
        head.Kind is StageKind.Source or StageKind.Input || EmitterOf(head) is HeadEmitter { ForwardsEveryRow: true };

    /// <summary>
    /// Records the rows that a filter keeps, without a branch for each row. A branch that is often mispredicted costs more than the rest of
    /// a loop.
    /// </summary>
    public void EmitSelection(Stage filter)
    {
        var node = (OperatorNode)filter.Node;
        code.Line("// Filtered in a pass of its own, which has no branch that depends on the data.");
        code.Line("var selection = Selection(rows.Length);");
        using (code.Braces("for (var i = 0; i < rows.Length; i++)"))
        {
            code.Line("at = i;");
            code.Line($"selection.Add(i, {((ConditionEmitter)KindEmitters.Of(node.Kind)).ConditionOf(node, "rows[i]", this)});");
        }

        code.Line();
    }

    /// <summary>Passes a row to all stages that read it.</summary>
    public void EmitAll(EquatableArray<Stage> readers, RowVariable row)
    {
        for (var i = 0; i < readers.Count; i++)
        {
            Emit(readers[i], row);
            if (i + 1 < readers.Count && EndsWithBlock(readers[i]))
            {
                code.Line();
            }
        }
    }

    /// <summary>Passes a new row to all stages after a stage: inline, or in a separate method if there are several.</summary>
    public void EmitDownstream(Stage stage, RowVariable row)
    {
        if (HasMethod(stage))
        {
            var time = ForwardsTime(stage) ? $", {row.Time}" : "";
            code.Line($"{names.Emit(stage.Node)}(in {row.Name}{time}{(row.Kind == null ? "" : $", {row.Kind}")});");
        }
        else
        {
            EmitAll(stage.Next, row);
        }
    }

    /// <summary>Ends a row of the loop. If the row can cause much output, the loop stops after it when the channels are full.</summary>
    /// <param name="passed">The stages that the row may have passed.</param>
    /// <returns>Whether the loop can stop.</returns>
    public bool EndRow(IReadOnlyList<Stage> passed)
    {
        if (!MayStop(passed))
        {
            return false;
        }

        code.Line();
        code.Line("// Backpressure: suspend after this row; Process is called again with the rest.");
        using (code.Braces("if (IsBackpressured)"))
        {
            code.Line("SuspendAfter(from + i);");
            code.Line("break;");
        }

        return true;
    }

    private static bool MayStop(IReadOnlyList<Stage> passed) =>
        passed.Any(static stage => stage.Kind == StageKind.Exchange) && passed.Any(static stage => EmitterOf(stage) is { MakesMany: true });

    /// <summary>
    /// Whether the stages after a stage are emitted as a method. The rows of an operator that emits them at several places have another
    /// one.
    /// </summary>
    public static bool HasMethod(Stage stage) =>
        stage.Next.Count > 1
            && EmitterOf(stage) is { MakesRows: true } emitter
            && !(emitter is ProcessEmitter process && process.HasPassOn((OperatorNode)stage.Node));

    /// <summary>Whether the method for the stages after a stage takes the event time of the row.</summary>
    public static bool ForwardsTime(Stage stage) => stage.Node.Changelog.IsUpsert || stage.Next.Any(UsesTime);

    /// <summary>Whether the code of a stage uses the event time of the row.</summary>
    public static bool UsesTime(Stage stage) => stage.Node switch
    {
        SinkNode sink => ReadsTime(sink),
        OperatorNode target when stage.Kind == StageKind.Exchange => target.Time != null,
        _ => stage.Next.Concat(stage.SideOutputs).Any(UsesTime),
    };

    /// <summary>The stages after an operator that emits rows, and after its side outputs, that run in the loop over its input.</summary>
    public static IEnumerable<Stage> InLoop(Stage stage) =>
        (HasMethod(stage) ? [] : stage.Next).Concat(stage.SideOutputs.SelectMany(static aside => aside.Next));

    private static bool EndsWithBlock(Stage stage) => EmitterOf(stage) is InlineEmitter { EndsWithBlock: true };

    // An operator that reads from another task is only an exchange here.
    private static KindEmitter? EmitterOf(Stage stage) =>
        stage is { Kind: StageKind.Operator, Node: OperatorNode node } ? KindEmitters.Of(node.Kind) : null;

    private void Emit(Stage stage, RowVariable row)
    {
        var kind = row.Kind == null ? "" : $", {row.Kind}";
        switch (stage.Node)
        {
            case SinkNode sink when _reserved.TryGetValue(sink, out var room):
                code.Line($"{room.Rows}.Set({room.Count}++, in {row.Name}{Time(sink, row)});");
                break;
            case SinkNode { Connector: TapModel } tap:
                code.Line($"{names.Sink(tap)}.Emit(in {row.Name}{kind});");
                break;
            case SinkNode sink:
                code.Line($"{names.Sink(sink)}.Emit(in {row.Name}{Time(sink, row)}{kind});");
                break;
            case OperatorNode node when stage.Kind == StageKind.Exchange:
                ExchangeEmitter.EmitRow(code, stage, node, row, names);
                break;
            case OperatorNode node:
                ((InlineEmitter)KindEmitters.Of(node.Kind)).EmitRow(stage, node, row, this);
                break;
            default:
                throw new InvalidOperationException($"A node of this kind takes no row: {stage.Node.GetType().Name}.");
        }
    }

    // Most sinks do not use the event time of a row, and storing it would be unnecessary work.
    private static string Time(SinkNode sink, RowVariable row) => row.Kind != null || ReadsTime(sink) ? $", {row.Time}" : "";

    public static bool ReadsTime(SinkNode sink) => sink.Connector.ReadsTimes;

    /// <summary>The outputs that fill the buffers of an operator, as arguments of a call. A loop has declared them before it.</summary>
    public string Outputs(OperatorNode node)
    {
        DeclareOutputs(node);
        return string.Concat(ClassParts.Outputs(node, names).Select(output => $", ref {_outputs[output.Buffer]}"));
    }

    /// <summary>Declares the outputs of the operators that a loop calls, before the loop.</summary>
    public void DeclareOutputs(IEnumerable<Stage> called)
    {
        foreach (var node in called.SelectMany(CalledInline).Where(static node => KindEmitters.Of(node.Kind).HasOutputs(node)))
        {
            DeclareOutputs(node);
        }
    }

    private void DeclareOutputs(OperatorNode node)
    {
        foreach (var (side, row, buffer) in ClassParts.Outputs(node, names).Where(output => !_outputs.ContainsKey(output.Buffer)))
        {
            var output = locals.Take(Identifier.Camel(side ?? node.Name) + "Output");
            code.Line($"var {output} = new global::Penstock.Output<{row.Name}>({LocalFor(buffer)});");
            _outputs.Add(buffer, output);
        }
    }

    /// <summary>
    /// Loops over the rows that an operator has emitted, and empties its buffers. A kind that does so at more than one place has a method
    /// for it.
    /// </summary>
    public void EmitOutputs(Stage stage, OperatorNode node, RowVariable row)
    {
        foreach (var (side, type, field) in ClassParts.Outputs(node, names))
        {
            var buffer = LocalFor(field);
            var aside = stage.SideOutputs.Where(reader => side != null && ((SideOutputNode)reader.Node).Output == side)
                .SelectMany(static reader => reader.Next)
                .ToEquatableArray();
            if (side != null)
            {
                code.Line();
            }

            using (code.Braces($"if ({buffer}.Count > 0)"))
            {
                if (side == null || aside.Count > 0)
                {
                    DeclareOutputs(side != null ? aside : HasMethod(stage) ? [] : stage.Next);
                    var emitted = row with { Name = Local(type, side ?? node.Name, "emitted") };
                    using (code.Braces($"foreach (ref readonly var {emitted.Name} in {buffer}.Rows)"))
                    {
                        if (side == null)
                        {
                            EmitDownstream(stage, emitted);
                        }
                        else
                        {
                            EmitAll(aside, emitted);
                        }
                    }

                    code.Line();
                }

                code.Line($"{buffer}.Clear();");
            }
        }
    }

    /// <summary>
    /// A variable for a row of a node, named after its type, or after its stream if the name of the type is not suitable.
    /// </summary>
    /// <param name="row">The type of the row.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="origin">How the row came to be: the prefix of the name if a row of the same type has it already.</param>
    public string Local(TypeRef row, string stream, string origin)
    {
        var wish = row.IsPlain ? LastPart(row.ShortName) : stream;
        return Identifier.Escape(locals.Take(Identifier.Camel(wish), origin + Identifier.Pascal(wish)));
    }

    /// <summary>A variable with the given name, or a similar one if that is taken.</summary>
    public string Local(string wish) => Identifier.Escape(locals.Take(Identifier.Camel(wish)));

    // The short name of a nested type contains a dot.
    private static string LastPart(string name) => name.Substring(name.LastIndexOf('.') + 1).TrimStart('@');
}
