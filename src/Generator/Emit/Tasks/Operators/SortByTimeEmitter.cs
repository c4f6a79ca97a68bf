using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// A sort by time begins a task, keeps each row, and passes on the rows that are due when event time advances.
/// </summary>
internal sealed class SortByTimeEmitter : HeadEmitter, IOwnStateEmitter
{
    // The method that passes on a row has the code of all stages that follow, so none is needed for them alone.
    public override bool MakesRows => false;

    public override bool ForwardsEveryRow => false;

    public override bool MakesMany => false;

    public override bool PutsAsideRowsOfSplits => true;

    public override bool CallsInLoop => false;

    public override IEnumerable<string> Overrides => ["protected override bool EmitsOwnWatermark => true;"];

    public override IEnumerable<string> BatchVariables => ["var splitWatermark = SplitWatermark;"];

    public override string DescriptionOf(OperatorNode node) =>
        $"{node.Name}, the rows of {node.Inputs[0]} in the order of time{(node.Key is { IsNone: false } ? $" by {TaskDescription.Key(node)}" : "")}";

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        [($"global::Penstock.Sorting.SortTable<{TypesOf(node, names)}>", names.Table(node))];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names) =>
        code.Line($"{names.Table(node)} = context.Sorted<{TypesOf(node, names)}>({CSharp.Literal(node.Id)});");

    // The stages that follow are called when rows are due.
    public override IEnumerable<Stage> InLoop(Stage stage) => stage.SideOutputs.SelectMany(static late => late.Next);

    public override string? SecretHolderOf(OperatorNode node, TaskNames names) => null;

    public override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        var (code, table) = (stages.Code, stages.LocalFor(stages.Task.Table(stage.Node)));
        using (code.Braces($"if ({table}.IsLate({row.Time}, splitWatermark))"))
        {
            code.Line("// The row is late: rows with later times may have been passed on.");
            foreach (var late in stage.SideOutputs)
            {
                stages.EmitAll(late.Next, row);
            }

            if (stages.EndRow([.. stage.SideOutputs.SelectMany(static late => late.WorkingStages())]))
            {
                code.Line();
            }

            code.Line("continue;");
        }

        code.Line();
        code.Line($"{table}.Add(in {row.Name}, {row.Time});");
    }

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
        var node = (OperatorNode)head.Node;
        code.Line();
        using (code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            using (code.Braces($"while ({names.Table(node)}.TryTake(watermark, out var row, out var time))"))
            {
                code.Line($"{names.Emit(node)}(in row, time);");
                code.Line();
                code.Line("// Backpressure: suspend after this row; OnWatermark is called again for the others.");
                using (code.Braces("if (IsBackpressured)"))
                {
                    code.Line("return false;");
                }
            }

            code.Line();
            code.Line("return true;");
        }

        code.Line();
        code.Line($"/// <summary>Passes on a row of {CSharp.Comment(node.Name)} that is due.</summary>");
        code.Line(CSharp.Inline);
        using (code.Braces($"private void {names.Emit(node)}(in {node.Row!.Name} row, long time)"))
        {
            var stages = new StageEmitter(code, names, new Names(["row", "time", "error"]));
            var row = new RowVariable("row", "time", null);
            if (!head.Next.SelectMany(static stage => stage.WorkingStages()).Any(CanThrow))
            {
                stages.EmitAll(head.Next, row);
                return;
            }

            using (code.Braces("try"))
            {
                stages.EmitAll(head.Next, row);
            }

            using (code.Braces(TaskEmitter.Guard))
            {
                var operators = head.WorkingStages().Any(TaskEmitter.CallsOperator) ? "Operators" : "[]";
                code.Line($"throw Failed(error, time, {operators});");
            }
        }
    }

    public void EmitState(CodeWriter code, OperatorNode node, PipelineNames names) => StateEmitter.EmitCodec(
        code,
        new StateLayout(
            $"global::Penstock.State.KeptRow<{node.Row!.Name}>",
            names.StateCodec(node),
            $"The rows of {CSharp.Comment(node.Name)} that wait for their time.",
            [new StateSlot(KeptRow.Member, node.Row.Name, KeptRow.Member, node.RowValue!)]),
        "private",
        withCopies: false);

    // Code of the user runs in operators, and in keys that are computed.
    private static bool CanThrow(Stage stage) => TaskEmitter.CallsOperator(stage) || TaskEmitter.SendsByComputedKey(stage);

    private static string TypesOf(OperatorNode node, TaskNames names)
    {
        var pipeline = names.Pipeline;
        return $"{pipeline.Key(node)}, {node.Row!.Name}, {pipeline.RowCodec(node.RowValue!)}, {pipeline.StateCodec(node)}";
    }
}
