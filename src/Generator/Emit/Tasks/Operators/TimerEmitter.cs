using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A process operator with timers: when event time advances, the class is called for each timer that is due.</summary>
internal sealed class TimerEmitter : ProcessEmitter
{
    public override string DescriptionOf(OperatorNode node) => $"{node.Name}, with timers, by {TaskDescription.Key(node)}";

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
        EmitDrainMethod(head, node, code, names);
    }

    // All following stages are in the method that drains the buffers.
    public override IEnumerable<Stage> InLoop(Stage stage) => [];

    protected override bool NeedsKey(OperatorNode node) => SetsTimersForRows(node) || base.NeedsKey(node);

    protected override string EmitEnter(OperatorNode node, string time, StageEmitter stages, string secret)
    {
        if (SetsTimersForRows(node))
        {
            stages.Code.Line($"{stages.LocalFor(stages.Task.Timers(node))}.Enter(key);");
        }

        return base.EmitEnter(node, time, stages, secret);
    }

    protected override string TimersOf(OperatorNode node, StageEmitter stages) =>
        $", timers: {stages.LocalFor(stages.Task.Timers(node))}";

    // Timers are set through the context.
    private static bool SetsTimersForRows(OperatorNode node) => node.Applied.WithContext.Contains(node.Applied.Kind.Main);

    // Rows and timers fill the same buffers, so one method drains them. It is inlined into the loop over rows.
    protected override void EmitDrain(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages) =>
        stages.Code.Line($"{stages.Task.Drain(node)}({(UsesTime(stage) ? row.Time : "")});");

    private void EmitFire(Stage head, OperatorNode node, CodeWriter code, TaskNames names)
    {
        var stages = new StageEmitter(code, names, new Names(["key", "hash", "state", "due", "time", "error"]));
        code.Line();
        code.Line("/// <summary>Calls the operator for a timer, and emits its rows.</summary>");
        code.Line("/// <param name=\"key\">The key of the timer.</param>");
        code.Line("/// <param name=\"due\">The time for which it was set.</param>");
        code.Line("/// <param name=\"time\">The event time of what it emits: later than that if it had passed when the timer was set.</param>");
        using (code.Braces($"private void {names.Fire(node)}({names.Pipeline.Key(node)} key, long due, long time)"))
        {
            using (code.Braces("try"))
            {
                var state = base.EmitEnter(node, "time", stages, SecretHolderOf(node, names) + ".Secret");
                var outputs = stages.Outputs(node);
                var timer = $"new global::Penstock.Timer<{node.Key!.Value.Type}>(key.Value, due)";
                var context = ContextOf(node, node.Applied.Kind.Last, $"time{TimersOf(node, stages)}");
                code.Line($"{ClassParts.Contract(node)}.OnTimer({names.Operator(node)}, {timer}{context}{outputs}{state});");
                EmitDrain(head, node, new RowVariable("", "time", null), stages);
            }

            using (code.Braces("catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)"))
            {
                code.Line("throw Failed(error, key.ToString(), Operators, fired: \"a timer\");");
            }
        }
    }

    private static void EmitDrainMethod(Stage head, OperatorNode node, CodeWriter code, TaskNames names)
    {
        code.Line();
        code.Line($"/// <summary>Passes on the rows that {CSharp.Comment(node.Name)} has emitted.</summary>");
        code.Line(CSharp.Inline);
        using (code.Braces($"private void {names.Drain(node)}({(UsesTime(head) ? "long time" : "")})"))
        {
            new StageEmitter(code, names, new Names(["time"])).EmitOutputs(head, node, new RowVariable("", "time", null));
        }
    }

    private static bool UsesTime(Stage head) => head.Next.Concat(head.SideOutputs).Any(StageEmitter.UsesTime);
}
