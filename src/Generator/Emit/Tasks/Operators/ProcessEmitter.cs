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

    public override string DescriptionOf(OperatorNode node) => $"{node.Name}, by {TaskDescription.Key(node)}";

    public override IEnumerable<Stage> InLoop(Stage stage) => StageEmitter.InLoop(stage);

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
    }

    protected override void EmitCall(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages, string state)
    {
        var outputs = stages.Outputs(node);
        var kind = node.HasUpdates ? ", batch.KindOf(from + i)" : "";
        var context = ContextOf(node, node.Applied.Kind.Main, $"{row.Time}{kind}{TimersOf(node, stages)}");
        stages.Code.Line(
            $"{ClassParts.Contract(node)}.Process({stages.LocalFor(stages.Task.Operator(node))}, in {row.Name}{context}{outputs}{state});");
        EmitDrain(stage, node, row, stages);
    }

    /// <summary>Emits how the rows in its buffers are passed on.</summary>
    protected virtual void EmitDrain(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages) =>
        stages.EmitOutputs(stage, node, row);

    /// <summary>The context as a further argument; empty for a method that takes none.</summary>
    protected static string ContextOf(OperatorNode node, MethodForm method, string arguments) =>
        node.Applied.WithContext.Contains(method) ? $", new global::Penstock.Context(this, {arguments})" : "";

    /// <summary>The timers as a further argument of a context; empty without timers.</summary>
    protected virtual string TimersOf(OperatorNode node, StageEmitter stages) => "";
}
