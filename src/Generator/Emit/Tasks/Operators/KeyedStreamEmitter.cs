using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits a kind without a class that keeps state by key: a task begins with it, and its state has a struct of its own beside that of the
/// key.
/// </summary>
internal abstract class KeyedStreamEmitter : HeadEmitter, IOwnStateEmitter
{
    public sealed override bool MakesRows => false;

    // It drops rows.
    public sealed override bool ForwardsEveryRow => false;

    public sealed override bool MakesMany => false;

    public sealed override bool PutsAsideRowsOfSplits => false;

    public sealed override IEnumerable<string> Overrides => [];

    public sealed override IEnumerable<string> BatchVariables => [];

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names)
    {
        if (Expires(node))
        {
            yield return ("global::Penstock.State.StateClock", names.Clock(node));
        }

        yield return ($"global::Penstock.State.KeyedTable<{StateTypes(node, names)}>", names.Table(node));
    }

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        var clock = "";
        if (Expires(node))
        {
            var grid = node.Retention!.GridOf(node);
            code.Line($"{names.Clock(node)} = context.Clock({CSharp.Literal(node.Id)}, gridMicros: {CSharp.Literal(grid)});");
            clock = $", {names.Clock(node)}";
        }

        code.Line($"{names.Table(node)} = context.Table<{StateTypes(node, names)}>({CSharp.Literal(node.Id)}{clock});");
    }

    public sealed override IEnumerable<Stage> InLoop(Stage stage) => stage.Next;

    public sealed override string SecretHolderOf(OperatorNode node, TaskNames names) => names.Table(node);

    public sealed override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        var node = (OperatorNode)stage.Node;
        var names = stages.Task;
        stages.Code.Line($"var key = {names.Pipeline.Key(node)}.Of(in {row.Name});");
        if (node.Retention!.GridOf(node) > 0)
        {
            stages.Code.Line($"{stages.LocalFor(names.Clock(node))}.Enter({row.Time});");
        }

        EmitLookup(stage, node, row, stages, $"{names.Pipeline.Key(node)}.Hash(key, secret)");
        stages.EndRow([.. stage.WorkingStages()]);
    }

    public sealed override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
    }

    public void EmitState(CodeWriter code, OperatorNode node, PipelineNames names)
    {
        var layout = new StateLayout(
            names.State(node),
            names.StateCodec(node),
            $"The state of a key of {CSharp.Comment(node.Name)}.",
            [.. ((KeyedStreamKind)node.Kind).StateOf(node).Select(static field =>
                new StateSlot(field.Name, field.Value.Type, field.Name, field.Value))])
        {
            Expiries = Expires(node) ? [new StateExpiry(KeyedStreamKind.Deadline, InProcessingTime: false, node.Retention!.Ttl)] : [],
            CanExpire = Expires(node),
        };
        StateEmitter.EmitStruct(code, layout, "private");
        code.Line();
        StateEmitter.EmitCodec(code, layout, "private");
    }

    /// <summary>Emits how the state of the row's key is looked up and changed, and the code that passes the row on.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="node">Its operator.</param>
    /// <param name="row">The row.</param>
    /// <param name="stages">Emits the code that follows.</param>
    /// <param name="hash">The expression of the hash of the key.</param>
    protected abstract void EmitLookup(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages, string hash);

    /// <summary>Whether the state of a key is removed after some time.</summary>
    protected static bool Expires(OperatorNode node) => node.Retention is { Ttl: > 0 };

    private static string StateTypes(OperatorNode node, TaskNames names) =>
        $"{names.Pipeline.Key(node)}, {names.Pipeline.State(node)}, {names.Pipeline.StateCodec(node)}";
}
