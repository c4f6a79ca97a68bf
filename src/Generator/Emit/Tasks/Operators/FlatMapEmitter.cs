using Penstock.Generator.Fusion;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>A flat map fills a buffer, whose rows are then processed one after the other.</summary>
internal sealed class FlatMapEmitter : InlineEmitter
{
    public override bool MakesRows => true;

    public override bool MakesMany => true;

    public override bool EndsWithBlock => true;

    public override bool HasOutputs(OperatorNode node) => true;

    public override IEnumerable<(string Type, string Name)> FieldsOf(OperatorNode node, TaskNames names) =>
        [ClassParts.InstanceField(node, names), .. ClassParts.BufferFields(node, names)];

    public override void EmitWiring(CodeWriter code, OperatorNode node, TaskNames names)
    {
        ClassParts.EmitInstance(code, node, names);
        ClassParts.EmitBuffers(code, node, names);
    }

    public override void EmitRow(Stage stage, OperatorNode node, RowVariable row, StageEmitter stages)
    {
        var outputs = stages.Outputs(node);
        stages.Code.Line($"{ClassParts.Contract(node)}.FlatMap({stages.LocalFor(stages.Task.Operator(node))}, in {row.Name}{outputs});");
        stages.EmitOutputs(stage, node, row);
    }
}
