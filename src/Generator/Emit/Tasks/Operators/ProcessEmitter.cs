using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A process operator is called with the state of its key and fills a buffer, whose rows are then passed on.</summary>
internal class ProcessEmitter : KeyedEmitter
{
    public override bool MakesRows => true;

    public override bool ForwardsEveryRow => false;

    public override bool MakesMany => true;

    public override bool PutsAsideRowsOfSplits => false;

    public override IEnumerable<string> Overrides => [];

    public override IEnumerable<string> BatchVariables => [];

    public override string DescriptionOf(OperatorNode node) => $"{node.Name}{InputsOf(node)}, by {TaskDescription.Key(node)}";

    /// <summary>Whether it emits rows at several places, so that a method passes them on.</summary>
    public virtual bool HasPassOn(OperatorNode node) => node.Applied.HasSeveralInputs;

    // All following stages are in the method that passes the rows on, if there is one.
    public sealed override IEnumerable<Stage> InLoop(Stage stage) =>
        HasPassOn((OperatorNode)stage.Node) ? [] : StageEmitter.InLoop(stage);

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
        var node = (OperatorNode)head.Node;
        if (!HasPassOn(node))
        {
            return;
        }

        code.Line();
        code.Line($"/// <summary>Passes on the rows that {CSharp.Comment(node.Name)} has emitted.</summary>");
        code.Line(CSharp.Inline);
        using (code.Braces($"private void {names.PassOn(node)}({(UsesTime(head) ? "long time" : "")})"))
        {
            new StageEmitter(code, names, new Names(["time"])).EmitOutputs(head, node, new RowVariable("", "time", null));
        }
    }

    protected override void EmitCall(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages, string state)
    {
        var outputs = stages.Outputs(node);
        var kind = node.HasUpdates(row.Input) ? ", batch.KindOf(from + i)" : "";
        var context = node.Applied.Inputs[row.Input].TakesContext ? ContextOf($"{row.Time}{kind}{TimersOf(node, stages)}") : "";
        stages.Code.Line(
            $"{ClassParts.Contract(node)}.{node.Applied.MethodOf(row.Input)}({stages.LocalFor(stages.Task.Operator(node))}, in {row.Name}{context}{outputs}{state});");
        EmitPassOn(stage, node, row, stages);
    }

    /// <summary>Emits how the rows in its buffers are passed on. The method that does it is inlined into the loops over rows.</summary>
    protected void EmitPassOn(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages)
    {
        if (HasPassOn(node))
        {
            stages.Code.Line($"{stages.Task.PassOn(node)}({(UsesTime(stage) ? row.Time : "")});");
        }
        else
        {
            stages.EmitOutputs(stage, node, row);
        }
    }

    /// <summary>The context as a further argument.</summary>
    protected static string ContextOf(string arguments) => $", new global::Penstock.Context(this, {arguments})";

    /// <summary>If there are several inputs, their names for the description.</summary>
    protected static string InputsOf(OperatorNode node) =>
        node.Applied.HasSeveralInputs ? $", from {string.Join(" and ", node.Inputs)}" : "";

    private static bool UsesTime(Stage head) => head.Next.Concat(head.SideOutputs).Any(StageEmitter.UsesTime);

    /// <summary>The timers as a further argument of a context; empty without timers.</summary>
    protected virtual string TimersOf(OperatorNode node, StageEmitter stages) => "";
}
