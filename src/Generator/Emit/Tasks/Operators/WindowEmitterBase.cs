using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// An operator with windows begins a task, adds each row to its window or slice, and fires windows when event time advances.
/// </summary>
internal abstract class WindowEmitterBase : HeadEmitter
{
    public sealed override bool MakesRows => true;

    // The loop emits only late rows. The table of windows suspends firing.
    public sealed override bool ForwardsEveryRow => false;

    public sealed override bool MakesMany => false;

    public sealed override bool PutsAsideRowsOfSplits => true;

    public sealed override IEnumerable<string> Overrides => ["protected override bool EmitsOwnWatermark => true;"];

    public sealed override IEnumerable<string> BatchVariables => ["var splitWatermark = SplitWatermark;"];

    public sealed override string DescriptionOf(OperatorNode node) =>
        $"{node.Name}, {((WindowKindBase)node.Kind).DescriptionOf(node)} windows by {TaskDescription.Key(node)}";

    // The stages after a window are called when it fires.
    public sealed override IEnumerable<Stage> InLoop(Stage stage) => stage.SideOutputs.SelectMany(static late => late.Next);

    public sealed override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names)
    {
        IEnumerable<(string, string)> keys = node.Applied.HasKeyState
            ? [($"global::Penstock.State.KeyedTable<{ClassParts.StateTypes(node, names, "KeyState")}>", names.KeyTable(node))]
            : [];
        return
        [
            ClassParts.InstanceField(node, names),
            .. ClassParts.ClockField(node, names),
            (TableOf(node, names), names.Windows(node)),
            .. keys,
            .. ClassParts.ScopeField(node, names),
        ];
    }

    public sealed override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        ClassParts.EmitInstance(code, node, names);
        ClassParts.EmitClock(code, node, names);
        EmitTable(code, node, names);
        if (node.Applied.HasKeyState)
        {
            code.Line(
                $"{names.KeyTable(node)} = context.KeyTable<{ClassParts.StateTypes(node, names, "KeyState")}>({CSharp.Literal(node.Id)}{ClassParts.ClockArgument(node, names)});");
        }

        ClassParts.EmitScope(code, node, names, ScopeOf(node, names));
    }

    public sealed override string? SecretHolderOf(OperatorNode node, TaskNames names) => names.Windows(node);

    public sealed override void EmitRow(Stage stage, RowVariable row, StageEmitter stages) =>
        CodeOf(stage, stages.Code, stages.Task).EmitRow(row, stages);

    public sealed override void EmitMethods(Stage head, CodeWriter code, TaskNames names) => CodeOf(head, code, names).EmitMethods();

    /// <summary>The type of the table with its windows or slices.</summary>
    protected abstract string TableOf(OperatorNode node, TaskNames names);

    /// <summary>Emits how that table is created.</summary>
    protected abstract void EmitTable(CodeWriter code, OperatorNode node, TaskNames names);

    /// <summary>The arguments for the scope of its maps and lists.</summary>
    protected abstract string ScopeOf(OperatorNode node, TaskNames names);

    protected abstract WindowCode CodeOf(Stage head, CodeWriter code, TaskNames names);
}
