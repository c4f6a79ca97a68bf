using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits a kind with which a task begins and which has an entry for each key: the entry, the maps and the lists of a row's key are looked
/// up before the class is called.
/// </summary>
internal abstract class KeyedEmitter : HeadEmitter
{
    public override bool HasOutputs(OperatorNode node) => node.Applied.Kind.Last.Emits;

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
            .. HasOutputs(node) ? ClassParts.BufferFields(node, names) : []
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
        if (HasOutputs(node))
        {
            ClassParts.EmitBuffers(code, node, names);
        }
    }

    // All objects that hold state have the secret.
    public override string? SecretHolderOf(OperatorNode node, TaskNames names) =>
        node.Applied.HasCollections ? names.Scope(node) : node.Applied.HasState ? names.Table(node) : null;

    public sealed override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        var node = (OperatorNode)stage.Node;
        var (code, names) = (stages.Code, stages.Task);
        var key = names.Pipeline.Key(node);
        if (NeedsKey(node, row.Input))
        {
            code.Line($"var key = {key}.{KeyEmitter.MethodOf(node, row.Input)}(in {row.Name});");
        }

        EmitCall(stage, node, row, stages, EmitEnter(node, row, stages, "secret"));
        stages.EndRow([.. stage.WorkingStages()]);
    }

    /// <summary>Whether the code for a row of an input needs its key.</summary>
    protected virtual bool NeedsKey(OperatorNode node, int input) => node.Applied.HasState || node.Applied.HasCollections;

    /// <summary>Emits how the state of a key is looked up.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="row">The row, whose time is that by which state expires.</param>
    /// <param name="stages">The code.</param>
    /// <param name="secret">The secret in the hashes of keys.</param>
    /// <returns>The last argument of the call: the entry of the key; empty if the class has no state in it.</returns>
    protected virtual string EmitEnter(OperatorNode node, RowVariable row, StageEmitter stages, string secret)
    {
        var (code, names) = (stages.Code, stages.Task);
        var key = names.Pipeline.Key(node);
        if (ClassParts.HasRowTime(node))
        {
            code.Line($"{stages.LocalFor(names.Clock(node))}.Enter({row.Time});");
        }

        if (node.Applied.HasCollections)
        {
            code.Line($"var hash = {key}.Hash(key, {secret});");
            code.Line($"{stages.LocalFor(names.Scope(node))}.Enter(key, hash);");
        }

        if (!node.Applied.HasState)
        {
            return "";
        }

        var hash = node.Applied.HasCollections ? "hash" : $"{key}.Hash(key, {secret})";
        code.Line($"ref var state = ref {stages.LocalFor(names.Table(node))}.GetOrAdd(key, {hash});");
        return ", ref state";
    }

    /// <summary>Emits the call of the class, and the code that passes its rows on.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="node">Its operator.</param>
    /// <param name="row">The row.</param>
    /// <param name="stages">Emits the code that follows.</param>
    /// <param name="state">The last argument of the call: the entry of the key; empty if the class has no state in it.</param>
    protected abstract void EmitCall(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages, string state);
}
