using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A window operator begins a task, adds each row to its window, and fires windows when event time advances.</summary>
internal sealed class WindowEmitter : HeadEmitter
{
    public override bool MakesRows => true;

    // The loop emits only late rows. The table of windows suspends firing.
    public override bool HandsOnEveryRow => false;

    public override bool MakesMany => false;

    public override bool PutsAsideRowsOfSplits => true;

    public override IEnumerable<string> Overrides => ["protected override bool EmitsOwnWatermark => true;"];

    public override IEnumerable<string> BatchVariables => ["var splitWatermark = SplitWatermark;"];

    public override string DescriptionOf(OperatorNode node) =>
        $"{node.Name}, windows of {Durations.Format(WindowModel.Of(node).Size)} by {TaskDescription.Key(node)}";

    // The stages after a window are called when it fires.
    public override IEnumerable<Stage> InLoop(Stage stage) => stage.SideOutputs.SelectMany(static late => late.Next);

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names)
    {
        IEnumerable<(string, string)> keys = node.Applied.HasKeyState
            ? [($"global::Penstock.State.KeyedTable<{ClassParts.StateTypes(node, names, "KeyState")}>", names.KeyTable(node))]
            : [];
        return
        [
            ClassParts.InstanceField(node, names),
            .. ClassParts.ClockField(node, names),
            ($"global::Penstock.Windows.WindowTable<{ClassParts.StateTypes(node, names)}>", names.Windows(node)),
            .. keys,
            .. ClassParts.ScopeField(node, names),
        ];
    }

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        var window = WindowModel.Of(node);
        ClassParts.EmitInstance(code, node, names);
        ClassParts.EmitClock(code, node, names);
        code.Line($"{names.Windows(node)} = context.Windows<{ClassParts.StateTypes(node, names)}>(");
        using (code.Indent())
        {
            code.Line(
                $"{CSharp.Literal(node.Id)}, sizeMicros: {CSharp.Literal(window.Size)}, offsetMicros: {CSharp.Literal(window.Offset)}, latenessMicros: {CSharp.Literal(window.Lateness)});");
        }

        if (node.Applied.HasKeyState)
        {
            code.Line(
                $"{names.KeyTable(node)} = context.KeyTable<{ClassParts.StateTypes(node, names, "KeyState")}>({CSharp.Literal(node.Id)}{ClassParts.ClockArgument(node, names)});");
        }

        ClassParts.EmitScope(code, node, names, $"({CSharp.Literal(node.Id)}, {names.Windows(node)}");
    }

    public override string? SecretHolderOf(OperatorNode node, TaskNames names) => names.Windows(node);

    public override void EmitRow(Stage stage, RowVariable row, StageEmitter stages) =>
        new WindowCode(stage, stages.Code, stages.Task).EmitRow(row, stages);

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names) => new WindowCode(head, code, names).EmitMethods();
}
