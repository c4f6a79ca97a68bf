using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>Emits the way of rows to another task.</summary>
internal static class ExchangeEmitter
{
    public static (string Type, string Name) FieldOf(Stage stage, OperatorNode target, TaskNames names) =>
        ($"{CSharp.Tasks}ExchangeOutput<{target.Kind.RowOf(target).Name}>", names.Exchange(stage));

    public static void EmitWiring(CodeWriter code, Stage stage, OperatorNode target, TaskNames names) =>
        code.Line($"{names.Exchange(stage)} = context.Exchange<{target.Kind.RowOf(target).Name}>({CSharp.Literal(target.Id)}, static row => {names.Pipeline.Key(target)}.Of(in row).ToString());");

    public static void EmitRow(CodeWriter code, Stage stage, OperatorNode target, RowVariable row, TaskNames names)
    {
        var exchange = names.Exchange(stage);
        var hash = target.Key!.IsComputed ? $"{names.Hash(target)}(in {row.Name})" : StageEmitter.HashOf(names.Pipeline.Key(target), row.Name);
        code.Line($"{exchange}.Emit(in {row.Name}{(target.Time == null ? "" : $", {row.Time}")}, {exchange}.IsDirect ? 0 : {hash});");
    }
}
