using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A process operator with timers: when event time advances, the class is called for each timer that is due.</summary>
internal sealed class TimerEmitter : ProcessEmitter
{
    public override string DescriptionOf(OperatorNode node) => $"{node.Name}{InputsOf(node)}, with timers, by {TaskDescription.Key(node)}";

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        base.FieldsOf(node, names).Append(($"global::Penstock.Timers.TimerTable<{names.Pipeline.Key(node)}>", names.Timers(node)));

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        base.EmitWiring(code, node, names);
        code.Line($"{names.Timers(node)} = context.Timers<{names.Pipeline.Key(node)}>({CSharp.Literal(node.Id)});");
    }

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
        var node = (OperatorNode)head.Node;
        code.Line();
        using (code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            using (code.Braces($"while ({names.Timers(node)}.TryTakeDue(watermark, out var key, out var due, out var time))"))
            {
                code.Line("EnterOwnTime();");
                code.Line($"{names.Fire(node)}(key, due, time);");
                code.Line();
                code.Line("// Backpressure: suspend after this timer; OnWatermark is called again for the others.");
                using (code.Braces("if (IsBackpressured)"))
                {
                    code.Line("return false;");
                }
            }

            code.Line();
            code.Line("return true;");
        }

        EmitFire(head, node, code, names);
        base.EmitMethods(head, code, names);
    }

    // Rows and timers fill the same buffers.
    public override bool HasPassOn(OperatorNode node) => true;

    protected override bool NeedsKey(OperatorNode node, int input) => SetsTimersForRows(node, input) || base.NeedsKey(node, input);

    protected override string EmitEnter(OperatorNode node, RowVariable row, StageEmitter stages, string secret)
    {
        if (SetsTimersForRows(node, row.Input))
        {
            stages.Code.Line($"{stages.LocalFor(stages.Task.Timers(node))}.Enter(key);");
        }

        return base.EmitEnter(node, row, stages, secret);
    }

    protected override string TimersOf(OperatorNode node, StageEmitter stages) =>
        $", timers: {stages.LocalFor(stages.Task.Timers(node))}";

    // Timers are set through the context.
    private static bool SetsTimersForRows(OperatorNode node, int input) => node.Applied.Inputs[input].TakesContext;

    private void EmitFire(Stage head, OperatorNode node, CodeWriter code, TaskNames names)
    {
        var stages = new StageEmitter(code, names, new Names(["key", "hash", "state", "due", "time", "error"]));
        code.Line();
        code.Line("/// <summary>Calls the operator for a timer, and emits its rows.</summary>");
        code.Line("/// <param name=\"key\">The key of the timer.</param>");
        code.Line("/// <param name=\"due\">The time for which it was set.</param>");
        code.Line("/// <param name=\"time\">");
        code.Line("/// The event time of the rows that it emits: later than <paramref name=\"due\"/> if that had passed when the timer was set.");
        code.Line("/// </param>");
        using (code.Braces($"private void {names.Fire(node)}({names.Pipeline.Key(node)} key, long due, long time)"))
        {
            using (code.Braces("try"))
            {
                var fired = new RowVariable("", "time", null);
                var state = base.EmitEnter(node, fired, stages, SecretHolderOf(node, names) + ".Secret");
                var outputs = stages.Outputs(node);
                var timer = $"new global::Penstock.Timer<{node.Key!.Value.Type}>(key.Value, due)";
                var context = node.Applied.LastTakesContext ? ContextOf($"time{TimersOf(node, stages)}") : "";
                code.Line($"{ClassParts.Contract(node)}.OnTimer({names.Operator(node)}, {timer}{context}{outputs}{state});");
                EmitPassOn(head, node, fired, stages);
            }

            using (code.Braces("catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)"))
            {
                code.Line("throw Failed(error, key.ToString(), Operators, fired: \"a timer\");");
            }
        }
    }
}
