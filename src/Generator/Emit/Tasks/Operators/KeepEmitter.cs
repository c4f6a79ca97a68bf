using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// An operator that keeps one row of each key has the time of that row, or another member of it, in the state of the key, and not the row
/// itself: the row was emitted.
/// </summary>
internal abstract class KeepEmitter : KeyedStreamEmitter
{
    /// <summary>The operator that compares the order of a row with that of the row that is kept, if it takes its place.</summary>
    protected abstract string Comparison { get; }

    public override string DescriptionOf(OperatorNode node) =>
        $"{node.Name}, the {((KeepKind)node.Kind).Which} row by {TaskDescription.Key(node)}";

    protected override void EmitLookup(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages, string hash)
    {
        var (code, names) = (stages.Code, stages.Task);
        var table = stages.LocalFor(names.Table(node));
        var clock = Expires(node) ? stages.LocalFor(names.Clock(node)) : "";
        var order = node.Order == null ? row.Time : $"{row.Name}.{Identifier.Escape(node.Order.Name)}";
        code.Line($"var hash = {hash};");
        code.Line($"ref readonly var kept = ref {table}.FindOrAdd(key, hash, out {(Expires(node) ? "_" : "var isNew")});");
        if (Expires(node))
        {
            // A key that was just added has no deadline.
            code.Line($"var isNew = global::Penstock.State.Expiry.IsExpired(kept.{KeyedStreamKind.Deadline}, {clock}.Now);");
        }

        var takesPlace = node.Order == null
            ? $"{order} {Comparison} kept.{KeepKind.Order}"
            : $"{HashEmitter.Order(node.Order.Value, order, $"kept.{KeepKind.Order}").Single()} {Comparison} 0";
        using (code.Braces($"if (isNew || {takesPlace})"))
        {
            code.Line($"ref var state = ref {table}.GetOrAdd(key, hash);");
            code.Line($"state.{KeepKind.Order} = {order};");
            if (Expires(node))
            {
                var deadline = $"state.{KeyedStreamKind.Deadline}";
                code.Line(
                    $"{deadline} = global::Penstock.State.Expiry.Later({deadline}, global::Penstock.State.Expiry.Deadline({clock}.Now, ttl: {CSharp.Literal(node.Retention!.Ttl)}));");
            }

            // After its time to live a key counts as new, but consumers still have its previous row.
            var kind = stages.Local($"{node.Name}Kind");
            code.Line(Expires(node)
                ? $"var {kind} = global::Penstock.RowKind.UpdateAfter;"
                : $"var {kind} = isNew ? global::Penstock.RowKind.Insert : global::Penstock.RowKind.UpdateAfter;");
            stages.EmitAll(stage.Next, row with { Kind = kind });
        }
    }
}

/// <summary>Of rows with the same order, the first one stays.</summary>
internal sealed class KeepFirstEmitter : KeepEmitter
{
    protected override string Comparison => "<";
}

/// <summary>Of rows with the same order, the last one takes the place of the others.</summary>
internal sealed class KeepLastEmitter : KeepEmitter
{
    protected override string Comparison => ">=";
}
