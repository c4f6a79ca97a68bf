using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the code that sends rows to another task.</summary>
internal static class ExchangeEmitter
{
    public static (string Type, string Name) FieldOf(Stage stage, OperatorNode target, TaskNames names)
    {
        var row = target.Kind.RowOf(target, stage.Input).Name;
        return ($"{CSharp.Tasks}{(IsHash(target) ? "Exchange" : "Forward")}Output<{row}>", names.Exchange(stage));
    }

    /// <param name="code">The output.</param>
    /// <param name="stage">The exchange.</param>
    /// <param name="target">The operator that receives the rows.</param>
    /// <param name="carriesSplits">Whether the rows keep the watermarks of their splits, in a task whose results have their own
    /// time.</param>
    /// <param name="names">The names of the task.</param>
    public static void EmitWiring(CodeWriter code, Stage stage, OperatorNode target, bool carriesSplits, TaskNames names)
    {
        var row = target.Kind.RowOf(target, stage.Input).Name;
        var task = CSharp.Literal(target.Id);
        var splits = carriesSplits ? ", carriesSplits: true" : "";
        code.Line($"{names.Exchange(stage)} = " + (IsHash(target)
            ? $"context.Exchange<{row}>({task}, static row => {KeyOf(stage, target, names)}(in row).ToString(){(stage.Input == 0 ? "" : $", input: {stage.Input}")}{splits});"
            : $"context.Forward<{row}>({task}, input: {stage.Input}{splits});"));
    }

    public static void EmitRow(CodeWriter code, Stage stage, OperatorNode target, RowVariable row, TaskNames names)
    {
        var exchange = names.Exchange(stage);
        var time = target.Time == null && !target.HasUpdates(stage.Input) ? "" : $", {row.Time}";
        if (!IsHash(target))
        {
            code.Line($"{exchange}.Emit(in {row.Name}{time});");
            return;
        }

        var kind = target.HasUpdates(stage.Input) ? $", {row.Kind}" : "";
        var hash = target.KeyOf(stage.Input).IsComputed ? $"{names.Hash(stage)}(in {row.Name})"
            : target.FurtherKeys.Count > 0 ? HashOf(stage, target, row.Name, names)
            : null;
        code.Line(hash != null
            ? $"{exchange}.Emit(in {row.Name}{time}, {exchange}.HasOneTarget ? 0 : {hash}{kind});"
            : $"{exchange}.EmitByKey<{names.Pipeline.Key(target)}>(in {row.Name}{time}{kind});");
    }

    /// <summary>The hash of the key by which a row is sent.</summary>
    public static string HashOf(Stage stage, OperatorNode target, string row, TaskNames names) =>
        $"{names.Pipeline.Key(target)}.Hash({KeyOf(stage, target, names)}(in {row}), global::Penstock.State.StableHash.FixedSecret)";

    // The method that reads the key.
    private static string KeyOf(Stage stage, OperatorNode target, TaskNames names) =>
        $"{names.Pipeline.Key(target)}.{KeyEmitter.MethodOf(target, stage.Input)}";

    private static bool IsHash(OperatorNode target) => target.Kind.Partitioning switch
    {
        Partitioning.Hash => true,
        Partitioning.Forward => false,
        _ => throw new InvalidOperationException($"Unknown partitioning: {target.Kind.Partitioning}."),
    };
}
