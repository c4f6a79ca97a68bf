using Penstock.Generator.Emit.Values;
using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>
/// A join begins a task. In the loop of each input, a row meets the rows of the other one; rows that meet none are emitted when event time
/// advances.
/// </summary>
internal sealed class IntervalJoinEmitter : HeadEmitter, IOwnStateEmitter
{
    // The method that passes on a result has the code of all stages that follow, so none is needed for them alone.
    public override bool MakesRows => false;

    public override bool ForwardsEveryRow => false;

    public override bool MakesMany => true;

    // All rows that it emits have the time of the split, or none.
    public override bool PutsAsideRowsOfSplits => false;

    public override IEnumerable<string> Overrides => [];

    public override IEnumerable<string> BatchVariables => ["var splitWatermark = SplitWatermark;"];

    public override string DescriptionOf(OperatorNode node) =>
        $"{node.Name}, joins {node.Inputs[0]} and {node.Inputs[1]} within {JoinModel.Of(node).Text}, by {TaskDescription.Key(node)}";

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        [ClassParts.InstanceField(node, names), ($"global::Penstock.Joins.JoinTable<{TypesOf(node, names)}>", names.Table(node))];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        ClassParts.EmitInstance(code, node, names);
        var join = JoinModel.Of(node);
        code.Line(
            $"{names.Table(node)} = context.Join<{TypesOf(node, names)}>({CSharp.Literal(node.Id)}, lowerMicros: {CSharp.Literal(join.Lower)}, upperMicros: {CSharp.Literal(join.Upper)}, {ModeOf(node)}, {KeyOf(0)}, {KeyOf(1)});");

        string KeyOf(int input) => $"static row => {names.Pipeline.Key(node)}.{KeyEmitter.MethodOf(node, input)}(in row)";
    }

    // The stages that follow are in the method that passes on a result.
    public override IEnumerable<Stage> InLoop(Stage stage) => stage.SideOutputs.SelectMany(static late => late.Next);

    public override string? SecretHolderOf(OperatorNode node, TaskNames names) => names.Table(node);

    public override void EmitRow(Stage stage, RowVariable row, StageEmitter stages)
    {
        var node = (OperatorNode)stage.Node;
        var (code, names) = (stages.Code, stages.Task);
        var table = stages.LocalFor(names.Table(node));
        var late = LateOf(stage, row.Input);
        using (code.Braces($"if ({table}.IsLate({row.Time}, splitWatermark))"))
        {
            code.Line("// The row is late: rows that it could meet may be gone.");
            foreach (var aside in late)
            {
                stages.EmitAll(aside.Next, row);
            }

            if (stages.EndRow([.. late.SelectMany(static aside => aside.WorkingStages())]))
            {
                code.Line();
            }

            code.Line("continue;");
        }

        code.Line();
        var (side, other) = row.Input == 0 ? ("Left", "Right") : ("Right", "Left");
        var key = names.Pipeline.Key(node);
        code.Line($"var key = {key}.{KeyEmitter.MethodOf(node, row.Input)}(in {row.Name});");
        code.Line($"{table}.Enter{side}(in {row.Name}, {row.Time}, key, {key}.Hash(key, secret));");
        if (!node.Applied.Join!.OfPairs)
        {
            code.Line($"{table}.Meet{other}();");
            return;
        }

        var partner = stages.Local(node.Kind.RowOf(node, 1 - row.Input), node.Inputs[1 - row.Input], "other");
        var time = stages.Local("time");
        using (code.Braces($"while ({table}.Next{other}(out var {partner}, out var {time}))"))
        {
            var (left, right) = row.Input == 0 ? (row.Name, partner) : (partner, row.Name);
            code.Line(
                $"{names.Emit(node)}({ClassParts.Contract(node)}.{JoinMethods.Match}({stages.LocalFor(names.Operator(node))}, in {left}, in {right}), {time});");
            if (stage.Next.SelectMany(static next => next.WorkingStages()).Any(static next => next.Kind == StageKind.Exchange))
            {
                code.Line();
                code.Line("// Backpressure: suspend within this row; Process is called again with it, and it meets the other rows.");
                using (code.Braces("if (IsBackpressured)"))
                {
                    code.Line("SuspendAfter(from + i - 1);");
                    code.Line("return;");
                }
            }
        }
    }

    public override void EmitMethods(Stage head, CodeWriter code, TaskNames names)
    {
        var node = (OperatorNode)head.Node;
        var (table, join) = (names.Table(node), node.Applied.Join!);
        code.Line();
        using (code.Braces("protected override bool OnWatermark(long watermark)"))
        {
            code.Line($"{table}.Reach(watermark);");
            EmitPassed(code, node, names, 0, join.OfLeft);
            EmitPassed(code, node, names, 1, join.OfRight);
            code.Line("return true;");
        }

        if (join.OfLeft)
        {
            EmitUnmatched(code, node, names, 0);
        }

        if (join.OfRight)
        {
            EmitUnmatched(code, node, names, 1);
        }

        code.Line();
        code.Line($"/// <summary>Passes on a result of {CSharp.Comment(node.Name)}.</summary>");
        code.Line(CSharp.Inline);
        using (code.Braces($"private void {names.Emit(node)}(in {node.Applied.Output.Name} row, long time)"))
        {
            new StageEmitter(code, names, new Names(["row", "time"])).EmitAll(head.Next, new RowVariable("row", "time", null));
        }
    }

    public void EmitState(CodeWriter code, OperatorNode node, PipelineNames names)
    {
        for (var input = 0; input < node.KeptRows.Count; input++)
        {
            if (input > 0)
            {
                code.Line();
            }

            var row = node.Kind.RowOf(node, input);
            StateEmitter.EmitCodec(
                code,
                new StateLayout(
                    $"global::Penstock.State.KeptRow<{row.Name}>",
                    names.StateCodec(node, input),
                    $"The rows of {CSharp.Comment(node.Inputs[input])} that {CSharp.Comment(node.Name)} keeps.",
                    [new StateSlot(KeptRow.Member, row.Name, KeptRow.Member, node.KeptRows[input])]),
                "private",
                withCopies: false);
        }
    }

    private static void EmitPassed(CodeWriter code, OperatorNode node, TaskNames names, int input, bool emits)
    {
        var side = input == 0 ? "Left" : "Right";
        if (!emits)
        {
            code.Line($"{names.Table(node)}.Remove{side}();");
            return;
        }

        using (code.Braces($"while ({names.Table(node)}.TryTake{side}(out var row, out var time))"))
        {
            code.Line("EnterOwnTime();");
            code.Line($"{names.Unmatched(node, input)}(in row, time);");
            code.Line();
            code.Line("// Backpressure: suspend after this row; OnWatermark is called again for the others.");
            using (code.Braces("if (IsBackpressured)"))
            {
                code.Line("return false;");
            }
        }

        code.Line();
    }

    private static void EmitUnmatched(CodeWriter code, OperatorNode node, TaskNames names, int input)
    {
        code.Line();
        code.Line($"/// <summary>Emits the result of a row of {CSharp.Comment(node.Inputs[input])} that has met none.</summary>");
        using (code.Braces($"private void {names.Unmatched(node, input)}(in {node.Kind.RowOf(node, input).Name} row, long time)"))
        {
            using (code.Braces("try"))
            {
                code.Line(
                    $"{names.Emit(node)}({ClassParts.Contract(node)}.{JoinMethods.UnmatchedOf(input)}({names.Operator(node)}, in row), time);");
            }

            using (code.Braces(TaskEmitter.Guard))
            {
                code.Line("throw Failed(error, time, Operators, row: \"an unmatched row\");");
            }
        }
    }

    // The readers of the late rows of an input.
    private static IReadOnlyList<Stage> LateOf(Stage stage, int input) =>
    [
        .. stage.SideOutputs.Where(aside =>
            ((SideOutputNode)aside.Node).Output == (input == 0 ? SideOutputs.LateLeft : SideOutputs.LateRight)),
    ];

    private static string ModeOf(OperatorNode node) => string.Join(
        " | ",
        IntervalJoinKind.ModeOf(node).ToString().Split([", "], StringSplitOptions.None)
            .Select(static mode => $"global::Penstock.Joins.JoinMode.{mode}"));

    private static string TypesOf(OperatorNode node, TaskNames names)
    {
        return $"{names.Pipeline.Key(node)}, {Side(0)}, {Side(1)}";

        string Side(int input) =>
            $"{node.Kind.RowOf(node, input).Name}, {Codec(input)}, {names.Pipeline.StateCodec(node, input)}";

        string Codec(int input) => names.Pipeline.RowCodec(node.KeptRows[input]);
    }
}
