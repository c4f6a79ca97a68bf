using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the code that sends rows to another task.</summary>
internal static class ExchangeEmitter
{
    public static (string Type, string Name) FieldOf(Stage stage, OperatorNode target, TaskNames names) =>
        ($"{CSharp.Tasks}{(IsHash(target) ? "Exchange" : "Forward")}Output<{target.Kind.RowOf(target).Name}>", names.Exchange(stage));

    /// <param name="code">The output.</param>
    /// <param name="stage">The exchange.</param>
    /// <param name="target">The operator that receives the rows.</param>
    /// <param name="carriesSplits">Whether the rows keep the watermarks of their splits, in a task whose results have their own
    /// time.</param>
    /// <param name="names">The names of the task.</param>
    public static void EmitWiring(CodeWriter code, Stage stage, OperatorNode target, bool carriesSplits, TaskNames names)
    {
        var row = target.Kind.RowOf(target).Name;
        var task = CSharp.Literal(target.Id);
        var splits = carriesSplits ? ", carriesSplits: true" : "";
        code.Line($"{names.Exchange(stage)} = " + (IsHash(target)
            ? $"context.Exchange<{row}>({task}, static row => {names.Pipeline.Key(target)}.Of(in row).ToString(){(stage.Input == 0 ? "" : $", input: {stage.Input}")}{splits});"
            : $"context.Forward<{row}>({task}, input: {stage.Input}{splits});"));
    }

    public static void EmitRow(CodeWriter code, Stage stage, OperatorNode target, RowVariable row, TaskNames names)
    {
        var exchange = names.Exchange(stage);
        var time = target.Time == null && !target.HasUpdates ? "" : $", {row.Time}";
        if (!IsHash(target))
        {
            code.Line($"{exchange}.Emit(in {row.Name}{time});");
            return;
        }

        var kind = target.HasUpdates ? $", {row.Kind}" : "";
        code.Line(target.Key!.IsComputed
            ? $"{exchange}.Emit(in {row.Name}{time}, {exchange}.HasOneTarget ? 0 : {names.Hash(target)}(in {row.Name}){kind});"
            : $"{exchange}.EmitByKey<{names.Pipeline.Key(target)}>(in {row.Name}{time}{kind});");
    }

    private static bool IsHash(OperatorNode target) => target.Kind.Partitioning switch
    {
        Partitioning.Hash => true,
        Partitioning.Forward => false,
        _ => throw new InvalidOperationException($"Unknown partitioning: {target.Kind.Partitioning}."),
    };
}
