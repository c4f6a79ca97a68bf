using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A process is called with the state of its key, and fills a buffer, whose rows go on.</summary>
internal sealed class ProcessEmitter : HeadEmitter
{
    public override bool MakesRows => true;

    public override bool HandsOnEveryRow => false;

    public override bool MakesMany => true;

    public override bool PutsAsideRowsOfSplits => false;

    public override IEnumerable<string> Overrides => [];

    public override IEnumerable<string> BatchVariables => [];

    public override string DescriptionOf(OperatorNode node) => $"{node.Name}, by {TaskDescription.Key(node)}";

    public override IEnumerable<Stage> InLoop(Stage stage) => StageEmitter.InLoop(stage);

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names)
    {
        IEnumerable<(string, string)> table = node.Applied.HasState
            ? [($"global::Penstock.State.KeyedTable<{ClassParts.StateTypes(node, names)}>", names.Table(node))]
            : [];
        return [
            ClassParts.InstanceField(node, names),
            .. ClassParts.ClockField(node, names),
            .. table,
            .. ClassParts.ScopeField(node, names),
            .. ClassParts.BufferFields(node, names)
        ];
    }

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        ClassParts.EmitInstance(code, node, names);
        ClassParts.EmitClock(code, node, names);
        if (node.Applied.HasState)
        {
            code.Line(
                $"{names.Table(node)} = context.Table<{ClassParts.StateTypes(node, names)}>({CSharp.Literal(node.Id)}{ClassParts.ClockArgument(node, names)});");
        }

        ClassParts.EmitScope(code, node, names, $"<{names.Pipeline.Key(node)}>({CSharp.Literal(node.Id)}");
        ClassParts.EmitBuffers(code, node, names);
    }

    // All that holds state knows the secret.
    public override string? SecretHolderOf(OperatorNode node, TaskNames names) =>
        node.Applied.HasCollections ? names.Scope(node) : node.Applied.HasState ? names.Table(node) : null;

    public override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        var node = (OperatorNode)stage.Node;
        var (code, names) = (stages.Code, stages.Task);
        var key = names.Pipeline.Key(node);
        if (node.Applied.HasState || node.Applied.HasCollections)
        {
            code.Line($"var key = {key}.Of(in {row.Name});");
        }

        if (ClassParts.HasRowTime(node))
        {
            code.Line($"{stages.LocalFor(names.Clock(node))}.Enter({row.Time});");
        }

        if (node.Applied.HasCollections)
        {
            code.Line($"var hash = {key}.Hash(key, secret);");
            code.Line($"{stages.LocalFor(names.Scope(node))}.Enter(key, hash);");
        }

        if (node.Applied.HasState)
        {
            var hash = node.Applied.HasCollections ? "hash" : $"{key}.Hash(key, secret)";
            code.Line($"ref var state = ref {stages.LocalFor(names.Table(node))}.GetOrAdd(key, {hash});");
        }

        var outputs = stages.BeginOutputs(node);
        var state = node.Applied.HasState ? ", ref state" : "";
        code.Line(
            $"{ClassParts.Contract(node)}.Process({stages.LocalFor(names.Operator(node))}, in {row.Name}, new global::Penstock.Context(this, {row.Time}{(node.HasUpdates ? ", batch.KindOf(from + i)" : "")}){outputs}{state});");
        stages.EmitOutputs(stage, node, row);
        stages.EndRow([.. stage.SelfAndDescendants()]);
    }

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
    }
}
