using System.Globalization;
using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// An asynchronous map begins a task. The engine makes the calls through a struct of the task, and the loop of the task gets their results
/// in batches.
/// </summary>
internal sealed class AsyncMapEmitter : HeadEmitter
{
    private const string Call = "AsyncCall";
    private const string Codec = "AsyncRowCodec";

    public override bool MakesRows => false;

    public override bool ForwardsEveryRow => true;

    public override bool MakesMany => false;

    public override bool PutsAsideRowsOfSplits => false;

    public override bool CallsInLoop => false;

    public override bool IsWired => true;

    public override IEnumerable<string> Overrides => [];

    public override IEnumerable<string> BatchVariables => [];

    public override TypeRef LoopRowOf(OperatorNode node, int input) => node.Applied.Output;

    public override string DescriptionOf(OperatorNode node) => $"{node.Name}, the results of calls of {node.Applied.Name}";

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) => [];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        var options = AsyncMapModel.Of(node);
        var applied = node.Applied;
        code.Line($"context.Calls<{applied.Inputs[0].Row.Name}, {AwaitedCode.ResultOf(applied)}, {applied.Output.Name}, {Call}, {Codec}>(");
        using (code.Indent())
        {
            code.Line("Operators[0],");
            code.Line($"new {Call}({ClassParts.Created(node)}),");
            code.Line($"concurrency: {CSharp.Literal(options.Concurrency)},");
            code.Line($"{CSharp.Penstock}AsyncOrder.{(options.InCompletionOrder ? "Completion" : "Input")},");
            code.Line($"timeoutMicros: {CSharp.Literal(options.Timeout)}{(options.Rate == 0 ? ");" : ",")}");
            if (options.Rate != 0)
            {
                code.Line($"rate: {(options.Rate / AsyncMapModel.RateUnit).ToString("R", CultureInfo.InvariantCulture)});");
            }
        }
    }

    public override IEnumerable<Stage> InLoop(Stage stage) => stage.Next;

    public override string? SecretHolderOf(OperatorNode node, TaskNames names) => null;

    public override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        stages.EmitAll(stage.Next, row);
        stages.EndRow([.. stage.WorkingStages()]);
    }

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
        var node = (OperatorNode)head.Node;
        var applied = node.Applied;
        var (input, result, output) = (applied.Inputs[0].Row.Name, AwaitedCode.ResultOf(applied), applied.Output.Name);
        code.Line();
        code.Line($"/// <summary>Calls {CSharp.Comment(applied.Name)} for a row.</summary>");
        using (code.Braces(
            $"private readonly struct {Call}({applied.Type} instance) : {CSharp.Tasks}IAsyncCall<{input}, {result}, {output}>"))
        {
            code.Line(CSharp.Inline);
            code.Line(
                $"public {AwaitedCode.TaskOf(applied)} Start(in {input} row, global::System.Threading.CancellationToken cancellation) => {ClassParts.Contract(node)}.AsyncMap(instance, in row, cancellation);");
            code.Line();
            code.Line(CSharp.Inline);
            var annotation = applied.ReturnsNull ? "[global::System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] " : "";
            using (code.Braces($"public static bool TryTake(in {result} result, {annotation}out {output} row)"))
            {
                if (applied.ReturnsNull)
                {
                    using (code.Braces("if (result is { } taken)"))
                    {
                        code.Line("row = taken;");
                        code.Line("return true;");
                    }

                    code.Line();
                    code.Line("row = default;");
                    code.Line("return false;");
                }
                else
                {
                    code.Line("row = result;");
                    code.Line("return true;");
                }
            }
        }

        code.Line();
        var row = new StateSlot(KeptRow.Member, node.InputRows!.Type, KeptRow.Member, node.InputRows);
        StateEmitter.EmitCodec(
            code,
            new StateLayout($"global::Penstock.State.KeptRow<{input}>", Codec, "", [row]),
            $"Writes rows in flight of {CSharp.Comment(node.Name)} into checkpoints.",
            "private",
            withCopies: false);
    }
}
