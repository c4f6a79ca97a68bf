using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A distinct operator passes a row on if its key is not in the table, or has expired there.</summary>
internal sealed class DistinctEmitter : KeyedStreamEmitter
{
    public override string DescriptionOf(OperatorNode node) => $"{node.Name}, the first row by {TaskDescription.Key(node)}";

    protected override void EmitLookup(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages, string hash)
    {
        var (code, names) = (stages.Code, stages.Task);
        var table = stages.LocalFor(names.Table(node));
        if (!Expires(node))
        {
            code.Line($"{table}.FindOrAdd(key, {hash}, out var isNew);");
            using (code.Braces("if (isNew)"))
            {
                stages.EmitAll(stage.Next, row);
            }

            return;
        }

        // A key that was just added has no deadline, and counts as expired. Only a row that passes changes the state of its key.
        var clock = stages.LocalFor(names.Clock(node));
        var deadline = KeyedStreamKind.Deadline;
        code.Line($"var hash = {hash};");
        using (code.Braces($"if (global::Penstock.State.Expiry.IsExpired({table}.FindOrAdd(key, hash, out _).{deadline}, {clock}.Now))"))
        {
            var ttl = CSharp.Literal(node.Retention!.Ttl);
            code.Line($"{table}.GetOrAdd(key, hash).{deadline} = global::Penstock.State.Expiry.Deadline({clock}.Now, ttl: {ttl});");
            stages.EmitAll(stage.Next, row);
        }
    }
}
